/** Words of a member of staff's own page. */
export const profile = {
  title: 'Your profile',
  you: 'You',
  name: 'Name',
  email: 'E-mail',
  role: 'Role',
}
