import { folded } from '../customers/index.ts'

/** What a column can be taken into, in the order people see them. `customerId` is our own, from an export. */
export const importFields = ['name', 'email', 'phone', 'address', 'notes', 'psaId', 'customerId'] as const
export type ImportField = (typeof importFields)[number]

/** The headings of the sample and of what is downloaded; the export of customers uses the same. */
export const headingOf: Record<ImportField, string> = {
  customerId: 'Customer id',
  name: 'Name',
  email: 'E-mail',
  phone: 'Phone',
  address: 'Address',
  notes: 'Notes',
  psaId: 'PSA id',
}

/** Under which a file of refused rows says why; a file that comes back with it is read without it. */
export const WHY_HEADING = 'What is wrong'

/**
 * `taken`: into a field. `ours`: a column of our own export that cannot be imported. `unknown`: nobody knows. The last
 * two are left out.
 */
export type ColumnGuess =
  | { kind: 'taken'; field: ImportField }
  | { kind: 'ours'; field: null }
  | { kind: 'unknown'; field: null }

/** How headings are compared: letters and digits alone, without accents and case. */
const bare = (heading: string): string => folded(heading).replaceAll(/[^\p{L}\p{N}]/gu, '')

const headings = (text: string): string[] => text.split(',').map(bare)

/** What people call these columns, in English, German, French, Spanish and Dutch. */
const knownAs: Record<ImportField, ReadonlySet<string>> = {
  name: new Set(
    headings(
      'name,customer,customer name,company,company name,client,client name,account,account name,organisation,organization,business,kunde,kundenname,firma,firmenname,unternehmen,bezeichnung,nom,nom du client,client,societe,entreprise,raison sociale,nombre,nombre del cliente,cliente,empresa,razon social,naam,klant,klantnaam,bedrijf,bedrijfsnaam',
    ),
  ),
  email: new Set(
    headings(
      'e-mail,email address,e-mail address,mail,contact email,primary contact email,primary email,mailadresse,e-mail-adresse,courriel,adresse e-mail,adresse electronique,adresse mail,correo,correo electronico,e-mailadres,mailadres',
    ),
  ),
  phone: new Set(
    headings(
      'phone,phone number,telephone,telephone number,tel,main phone,mobile,telefon,telefonnummer,rufnummer,telephone,numero de telephone,telefono,numero de telefono,telefoon,telefoonnummer',
    ),
  ),
  address: new Set(
    headings(
      'address,postal address,street address,location,adresse,anschrift,postanschrift,adresse postale,direccion,domicilio,adres,postadres',
    ),
  ),
  notes: new Set(
    headings(
      'notes,note,internal notes,comment,comments,remarks,notizen,notiz,bemerkung,bemerkungen,kommentar,anmerkung,remarque,remarques,commentaire,commentaires,notas,nota,comentario,comentarios,observaciones,notities,notitie,opmerking,opmerkingen',
    ),
  ),
  psaId: new Set(
    headings(
      'psa id,psa,psa number,external id,account id,account number,customer number,client number,company id,halo id,autotask id,connectwise id,kundennummer,kundennr,kunden-id,debitor,debitorennummer,numero client,numero de client,code client,reference client,numero de cliente,codigo de cliente,id de cliente,klantnummer,klantnr,debiteurnummer',
    ),
  ),
  customerId: new Set(headings('customer id')),
}

/** Columns of our own export that say what is and cannot be told to be otherwise. */
const ours = new Set(
  headings(`primary contact,tenants,total users,health,portal,portal address,created,state,line,${WHY_HEADING}`),
)

const fieldFor = (heading: string): ImportField | undefined => {
  const wanted = bare(heading)
  return importFields.find((field) => knownAs[field].has(wanted))
}

/** What each column of a file is for, by its heading. A field is taken from the first column that is called like it. */
export const guessColumns = (given: readonly string[]): ColumnGuess[] => {
  const taken = new Set<ImportField>()
  return given.map((heading) => {
    const field = fieldFor(heading)
    if (field !== undefined && !taken.has(field)) {
      taken.add(field)
      return { kind: 'taken', field }
    }
    return { kind: ours.has(bare(heading)) ? 'ours' : 'unknown', field: null }
  })
}

/** Of how many headings it is known what they mean: what tells the right way of reading a file from a wrong one. */
export const knownHeadingCount = (given: readonly string[]): number =>
  given.filter((heading) => fieldFor(heading) !== undefined || ours.has(bare(heading))).length
