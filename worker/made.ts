/** What is made when it is first asked for, by an `import()`. */
export type Part<Surface> = { load: () => Promise<{ surface: Surface }> }

/**
 * Makes each part once and keeps it. What could not be made is not kept: it is tried again when it is asked for next, also
 * where an invocation was ended in the middle of it, whose modules the bundle takes for made and which are empty then.
 */
export const keepMade = <Surface>() => {
  const made = new Map<Part<Surface>, Surface>()
  return {
    has: (part: Part<Surface>): boolean => made.has(part),
    surfaceOf: async (part: Part<Surface>): Promise<Surface> => {
      const known = made.get(part)
      if (known !== undefined) return known
      const { surface } = (await part.load()) as { surface: Surface | undefined }
      if (surface === undefined) throw new Error('A part of the product was left half made.')
      made.set(part, surface)
      return surface
    },
  }
}
