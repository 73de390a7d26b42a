/** What people call Microsoft's services, the best known first. */
const names: ReadonlyMap<string, string> = new Map([
  ['Exchange Online', 'Outlook and e-mail'],
  ['Microsoft Teams', 'Teams'],
  ['SharePoint Online', 'SharePoint'],
  ['OneDrive for Business', 'OneDrive'],
  ['Identity Service', 'Signing in'],
  ['Microsoft Entra', 'Signing in'],
  ['Azure Active Directory', 'Signing in'],
  ['Microsoft 365 apps', 'Word, Excel and the other Office apps'],
  ['Microsoft 365 suite', 'Microsoft 365'],
  ['Microsoft Intune', 'Device management'],
])
const places = new Map([...names.keys()].map((service, place) => [service, place]))

/** What a customer reads in place of Microsoft's own name of a service; that where it has no other. */
export const serviceName = (service: string): string => names.get(service) ?? service

/** Where a service stands among those people know: the best known first, the others after them. */
export const placeOfService = (service: string): number => places.get(service) ?? places.size
