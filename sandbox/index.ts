import { startSandbox, type SandboxOptions } from './start.ts'

const environment = process.env
const port = Number(environment['SANDBOX_PORT'] ?? 8788)

const options: SandboxOptions = {
  port,
  stateFolder: environment['SANDBOX_STATE'] ?? '.portico/sandbox',
  smtpPort: Number(environment['SMTP_PORT'] ?? 0),
  ...given('castPath', environment['CAST']),
  ...given('clientId', environment['MICROSOFT_CLIENT_ID']),
  ...given('clientSecret', environment['MICROSOFT_CLIENT_SECRET']),
  ...(environment['REPLY_DOMAIN'] === undefined || environment['REPLY_URL'] === undefined
    ? {}
    : { replies: { domain: environment['REPLY_DOMAIN'], url: environment['REPLY_URL'] } }),
  ...(environment['SANDBOX_REDIRECT_HOSTS'] === undefined
    ? {}
    : { redirectHosts: new RegExp(environment['SANDBOX_REDIRECT_HOSTS']) }),
}

try {
  const sandbox = await startSandbox(options)
  console.log(`The sandbox answers at ${sandbox.http}, mail at ${sandbox.smtp}.`)
  const stop = (): void => {
    sandbox.close().then(
      () => process.exit(0),
      (error: unknown) => {
        console.error(error)
        process.exit(1)
      },
    )
  }
  process.once('SIGTERM', stop)
  process.once('SIGINT', stop)
} catch (error) {
  console.error(explain(error))
  process.exit(1)
}

function given<K extends string>(name: K, value: string | undefined): { [key in K]?: string } {
  return value === undefined || value === '' ? {} : ({ [name]: value } as { [key in K]: string })
}

function explain(error: unknown): string {
  if (error instanceof Error && 'code' in error && error.code === 'EADDRINUSE') {
    const taken = 'port' in error ? String(error.port) : String(port)
    return `The sandbox cannot start: port ${taken} is taken. Stop what uses it, or set SANDBOX_PORT or SMTP_PORT.`
  }
  return `The sandbox cannot start: ${error instanceof Error ? error.message : String(error)}`
}
