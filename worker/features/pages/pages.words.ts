/** What a portal says of itself where only its link is seen; it must fit everybody's, and name nobody. */
export const portalDescription = 'Your people, licences and services at a glance, and whom to ask for help.'
