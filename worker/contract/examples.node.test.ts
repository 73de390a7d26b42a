import assert from 'node:assert/strict'
import { describe, it } from 'node:test'
import { Ajv2020 as Ajv } from 'ajv/dist/2020.js'
import formats from 'ajv-formats'
import { pointerOf } from '../http/pointer.ts'
import contract from './openapi.json' with { type: 'json' }

type Content = Record<string, { schema?: { $ref?: string }; example?: unknown }>
type Parameter = { name: string; description?: string; example?: unknown; schema?: object }
type Operation = {
  operationId: string
  parameters?: Parameter[]
  requestBody?: { content?: Content }
  responses: Record<string, { content?: Content }>
}
type Shapes = Record<string, { example?: unknown }>

const shapes = contract.components.schemas as Shapes
const ajv = new Ajv({ strict: false, allErrors: true })
formats.default(ajv)
ajv.addSchema({ $id: 'contract', ...contract })

/** What is said of a JSON body or answer: the example beside it, or that of the shape it names. */
const exampleIn = ({ schema, example }: Content[string]): unknown =>
  example ?? shapes[schema?.$ref?.split('/').at(-1) ?? '']?.example

const operations = Object.entries(contract.paths).flatMap(([path, methods]) =>
  Object.entries(methods as Record<string, Operation>).map(([method, operation]) => ({ path, method, operation })),
)

describe('The examples of the contract', () => {
  it('stand with every JSON body and every JSON answer', () => {
    const without = operations.flatMap(({ operation }) =>
      [operation.requestBody, ...Object.values(operation.responses)]
        .flatMap((said) => Object.entries(said?.content ?? {}))
        .filter(([media, content]) => media.endsWith('json') && exampleIn(content) === undefined)
        .map(([media]) => `${operation.operationId} ${media}`),
    )
    assert.deepEqual(without, [])
    assert.ok(operations.length > 20)
  })

  it('fit the shapes they stand with', () => {
    const unfit = Object.entries(shapes).flatMap(([name, { example }]) => {
      const fits = ajv.compile({ $ref: `contract#/components/schemas/${name}` })
      return fits(example) ? [] : [`${name}: ${ajv.errorsText(fits.errors)}`]
    })
    assert.deepEqual(unfit, [])
  })

  it('fit where they stand beside a shape without a name', () => {
    const fragmentOf = (...steps: string[]) => pointerOf(...steps).slice(1).split('/').map(encodeURIComponent).join('/')
    const unfit = operations.flatMap(({ path, method, operation }) =>
      [
        ['requestBody', operation.requestBody?.content] as const,
        ...Object.entries(operation.responses).map(([status, { content }]) => [`responses ${status}`, content] as const),
      ].flatMap(([place, content]) =>
        Object.entries(content ?? {}).flatMap(([media, { example }]) => {
          if (example === undefined) return []
          const steps = ['paths', path, method, ...place.split(' '), 'content', media, 'schema']
          const fits = ajv.compile({ $ref: `contract#/${fragmentOf(...steps)}` })
          return fits(example) ? [] : [`${operation.operationId}: ${ajv.errorsText(fits.errors)}`]
        }),
      ),
    )
    assert.deepEqual(unfit, [])
  })
})

describe('The descriptions of the contract', () => {
  type Shape = {
    $ref?: string
    description?: string
    properties?: Record<string, Shape>
    items?: Shape
    anyOf?: Shape[]
    allOf?: Shape[]
  }

  it('stand with every parameter, which has an example that fits it', () => {
    const wrong = operations.flatMap(({ operation: { operationId, parameters = [] } }) =>
      parameters.flatMap(({ name, description = '', example, schema = {} }) =>
        description !== '' && example !== undefined && ajv.compile(schema)(example) ? [] : [`${operationId} ${name}`],
      ),
    )
    assert.deepEqual(wrong, [])
    assert.ok(operations.some(({ operation }) => (operation.parameters ?? []).length > 3))
  })

  it('stand with every field of what goes in', () => {
    const bare = (shape: Shape, place: string): string[] => {
      if (shape.$ref !== undefined) {
        const name = shape.$ref.split('/').at(-1) ?? ''
        return bare((shapes[name] ?? {}) as Shape, name)
      }
      return [
        ...Object.entries(shape.properties ?? {}).flatMap(([field, inner]) => [
          ...((inner.description ?? '') === '' ? [`${place}.${field}`] : []),
          ...bare(inner, `${place}.${field}`),
        ]),
        ...[shape.items ?? [], shape.anyOf ?? [], shape.allOf ?? []].flat().flatMap((part) => bare(part, place)),
      ]
    }
    const taken = operations.flatMap(({ operation: { operationId, requestBody } }) => {
      const shape = requestBody?.content?.['application/json']?.schema
      return shape === undefined ? [] : [bare(shape, operationId)]
    })
    assert.deepEqual(taken.flat(), [])
    assert.ok(taken.length > 20)
  })
})
