import { escapeHtml } from './shell.ts'

type Schema = {
  $ref?: string
  type?: string | string[]
  enum?: unknown[]
  items?: Schema
  properties?: Record<string, Schema>
  required?: string[]
  description?: string
  anyOf?: Schema[]
  allOf?: Schema[]
  format?: string
  maxLength?: number
}
type Operation = {
  operationId?: string
  tags?: string[]
  summary?: string
  description?: string
  parameters?: { name: string; in: string; required?: boolean; schema?: Schema; description?: string }[]
  requestBody?: { content?: Record<string, { schema?: Schema }> }
  responses?: Record<string, { description?: string; content?: Record<string, { schema?: Schema }> }>
  'x-access'?: { who: string; may?: string; why?: string; scope?: string | null }
}
export type ApiDocument = {
  info: { title: string; version: string; description?: string }
  paths?: Record<string, Record<string, unknown>>
  components?: { schemas?: Record<string, Schema> }
}

/** The API's own page: every operation, who may call it, what goes in and out. Pure; needs no script. */
export const docsPage = (document: ApiDocument, nonce: string): string => {
  const operations = Object.entries(document.paths ?? {}).flatMap(([path, methods]) =>
    Object.entries(methods).map(([method, operation]) => ({ path, method, operation: operation as Operation })),
  )
  const groups = [...new Set(operations.map(({ operation }) => operation.tags?.[0] ?? 'Other'))]
  const schemas = Object.entries(document.components?.schemas ?? {}).toSorted(([one], [other]) =>
    one.localeCompare(other),
  )
  return `<!doctype html><html lang="en"><head><meta charset="utf-8"><meta name="viewport" content="width=device-width, initial-scale=1"><title>${escapeHtml(document.info.title)}</title><style nonce="${nonce}">${STYLE}</style></head><body>
<nav aria-label="Contents"><h1>${escapeHtml(document.info.title)}</h1><p><a href="/api/openapi.json">openapi.json</a></p>${groups
    .map(
      (group) =>
        `<h2>${escapeHtml(group)}</h2><ul>${operations
          .filter(({ operation }) => (operation.tags?.[0] ?? 'Other') === group)
          .map(
            ({ operation }) =>
              `<li><a href="#${escapeHtml(operation.operationId ?? '')}">${escapeHtml(operation.summary ?? operation.operationId ?? '')}</a></li>`,
          )
          .join('')}</ul>`,
    )
    .join(
      '',
    )}<h2>Shapes</h2><ul>${schemas.map(([name]) => `<li><a href="#shape-${escapeHtml(name)}">${escapeHtml(name)}</a></li>`).join('')}</ul></nav>
<main><p>${escapeHtml(document.info.description ?? '')}</p>${operations.map(section).join('')}${schemas.map(([name, schema]) => `<section id="shape-${escapeHtml(name)}"><h3>${escapeHtml(name)}</h3>${shape(schema)}</section>`).join('')}</main></body></html>`
}

const section = ({ path, method, operation }: { path: string; method: string; operation: Operation }): string =>
  `<section id="${escapeHtml(operation.operationId ?? '')}"><h3>${escapeHtml(operation.summary ?? '')}</h3><p class="address"><b>${escapeHtml(method.toUpperCase())}</b> ${escapeHtml(path)}</p><p class="who">${escapeHtml(whoMay(operation))}</p>${operation.description === undefined ? '' : prose(operation.description)}${parameters(operation)}${content('Body', operation.requestBody?.content)}<h4>Answers</h4><dl>${Object.entries(
    operation.responses ?? {},
  )
    .map(
      ([status, response]) =>
        `<dt>${escapeHtml(status)}</dt><dd>${escapeHtml(response.description ?? '')} ${Object.values(
          response.content ?? {},
        )
          .map(({ schema }) => typeName(schema))
          .join(' or ')}</dd>`,
    )
    .join('')}</dl></section>`

const whoMay = (operation: Operation): string => {
  const access = operation['x-access']
  if (access === undefined) return ''
  if (access.who === 'oneself') return 'Whoever is signed in, for themselves'
  return access.who === 'anyone'
    ? `Anyone. ${access.why ?? ''}`
    : `${access.who === 'staff' ? 'Staff' : 'Contacts'} who may: ${access.may ?? ''}${typeof access.scope === 'string' ? ` · API keys with: ${access.scope}` : ''}`
}

const parameters = ({ parameters: list }: Operation): string =>
  list === undefined || list.length === 0
    ? ''
    : `<h4>Parameters</h4><dl>${list.map(({ name, in: place, required, schema, description }) => `<dt>${escapeHtml(name)}</dt><dd>${escapeHtml(place)}${required === true ? ', required' : ''} ${typeName(schema)}${prose(description)}</dd>`).join('')}</dl>`

const content = (title: string, list: Record<string, { schema?: Schema }> | undefined): string =>
  list === undefined
    ? ''
    : `<h4>${title}</h4><dl>${Object.entries(list)
        .map(([media, { schema }]) => `<dt>${escapeHtml(media)}</dt><dd>${typeName(schema)}</dd>`)
        .join('')}</dl>`

const shape = (schema: Schema): string =>
  `<dl>${Object.entries(schema.properties ?? {})
    .map(
      ([name, property]) =>
        `<dt>${escapeHtml(name)}${schema.required?.includes(name) === true ? '' : ' <i>optional</i>'}</dt><dd>${typeName(property)}${prose(property.description)}</dd>`,
    )
    .join('')}</dl>`

/** What is said of a thing, on a line of its own; what stands between backticks is code. */
const prose = (text: string | undefined): string =>
  text === undefined ? '' : `<p>${escapeHtml(text).replaceAll(/`([^`]+)`/g, '<code>$1</code>')}</p>`

const typeName = (schema: Schema | undefined): string => {
  if (schema === undefined) return ''
  if (schema.$ref !== undefined) {
    const name = escapeHtml(schema.$ref.split('/').at(-1) ?? '')
    return `<a href="#shape-${name}">${name}</a>`
  }
  if (schema.allOf !== undefined) return schema.allOf.map(typeName).join(' and ')
  if (schema.anyOf !== undefined) return schema.anyOf.map(typeName).join(' or ')
  if (schema.enum !== undefined)
    return schema.enum.map((value) => `<code>${escapeHtml(String(value))}</code>`).join(' | ')
  if (schema.items !== undefined) return `list of ${typeName(schema.items)}`
  const name = Array.isArray(schema.type) ? schema.type.join(' or ') : (schema.type ?? 'any')
  const nested = schema.properties === undefined ? '' : shape(schema)
  return `${escapeHtml(name)}${schema.format === undefined ? '' : ` (${escapeHtml(schema.format)})`}${nested}`
}

const STYLE = `:root{color-scheme:light dark;font:15px/1.5 system-ui,sans-serif}body{margin:0;display:grid;grid-template-columns:280px minmax(0,1fr)}nav{position:sticky;top:0;height:100vh;overflow:auto;padding:24px;box-sizing:border-box;border-right:1px solid light-dark(#ddd,#333);font-size:13px}nav h1{font-size:18px}nav h2{font-size:12px;margin:16px 0 4px;opacity:.7}nav ul{list-style:none;margin:0;padding:0}main{padding:24px 40px;max-width:900px}section{border-top:1px solid light-dark(#ddd,#333);padding:20px 0}h3{margin:0 0 4px;font-size:17px}h4{margin:12px 0 4px;font-size:13px;opacity:.7}.address{font-family:ui-monospace,monospace;margin:0}.who{opacity:.75;margin:4px 0}dl{display:grid;grid-template-columns:max-content minmax(0,1fr);gap:4px 16px;margin:0}dt{font-family:ui-monospace,monospace}dd{margin:0}dd p{margin:0 0 4px}a{color:light-dark(#2a4d8f,#9db8ee)}i{opacity:.6}@media(max-width:800px){body{grid-template-columns:minmax(0,1fr)}nav{position:static;height:auto;border-right:0}main{padding:24px}}`
