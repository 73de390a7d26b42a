/** A new id: sorts by time (48 bits of milliseconds), then 130 random bits. 36 characters of Crockford's base 32. */
export declare const newId: (nowMs: number) => string
/** What ids of that moment begin with: every id made before it sorts before this. */
export declare const timePartOf: (nowMs: number) => string
/** Something short that people tell things apart by: 6 characters of the same alphabet. */
export declare const newHandle: () => string
/** A secret for a cookie or a mail: 256 random bits, base64url. */
export declare const newSecret: () => string
/** What is stored of a secret: its SHA-256, base64url. */
export declare const hashOf: (secret: string) => Promise<string>
export declare const base64url: (bytes: Uint8Array) => string
/** HMAC-SHA-256 under a base64 key from the environment, base64url. */
export declare const hmacOf: (keyBase64: string, text: string) => Promise<string>
