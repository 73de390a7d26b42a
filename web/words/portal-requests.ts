/** Words for what a customer's people ask for by a form. */
export const portalRequests = {
  /** Who looks at a request before anything happens, in words (product.md, A50). */
  checkedBy: {
    nobody: 'Your IT provider does this without anybody having to approve it',
    provider: 'Your IT provider checks this first',
    customer: 'A portal admin of your company checks this first',
    both: 'A portal admin of your company checks this first, then your IT provider',
  },
}
