import assert from 'node:assert/strict'
import { readFile, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { test } from 'node:test'
import { createLocalJWKSet, decodeJwt, jwtVerify, type JSONWebKeySet, type JWTPayload } from 'jose'
import {
  alpine,
  askForToken,
  authorizationRequest,
  Browser,
  callback,
  contoso,
  fabrikam,
  graphCaller,
  jsonOf,
  northwind,
  northwindApp,
  redeem,
  stage,
  type Stage,
} from '../testing.ts'

const tom = { do: 'sign-in', account: 'tom@fabrikamdental.example', password: 'demo-entra-tom' }
const alpineAdmin = { do: 'sign-in', account: 'admin@alpineskihouse.example', password: 'demo-entra-alpine' }
const jonas = { do: 'sign-in', account: 'jonas@alpineskihouse.example', password: 'demo-entra-jonas' }

test('an app token is refused until an administrator has consented, and works from then on', async () => {
  await using sandbox = await stage()
  const refused = await askForToken(sandbox, alpine)
  assert.equal(refused.status, 400)
  const body = await jsonOf(refused)
  assert.equal(body['error'], 'unauthorized_client')
  assert.deepEqual(body['error_codes'], [700016])

  const query = new URLSearchParams({ client_id: sandbox.clientId, redirect_uri: callback, state: 'the state' })
  const browser = new Browser(sandbox)
  await browser.open(`/entra/${alpine}/adminconsent?${query.toString()}`)
  await browser.submit(jonas)
  assert.match(browser.body, /needs an administrator/)
  await browser.open(`/entra/${alpine}/adminconsent?${query.toString()}`)
  await browser.submit(alpineAdmin)
  assert.match(browser.body, /Read service health/)
  await browser.submit({ do: 'accept' })
  const back = new URL(browser.location)
  assert.equal(back.origin + back.pathname, callback)
  assert.deepEqual(Object.fromEntries(back.searchParams), {
    admin_consent: 'True',
    tenant: alpine,
    state: 'the state',
  })

  const graph = await graphCaller(sandbox, alpine)
  assert.equal((await graph('/organization')).status, 200)
})

test('an administrator who cancels goes back with the reason and nothing is granted', async () => {
  await using sandbox = await stage()
  const query = new URLSearchParams({ client_id: sandbox.clientId, redirect_uri: callback, state: 's' })
  const browser = new Browser(sandbox)
  await browser.open(`/entra/organizations/v2.0/adminconsent?${query.toString()}`)
  await browser.submit(alpineAdmin)
  await browser.submit({ do: 'cancel' })
  const back = new URL(browser.location).searchParams
  assert.equal(back.get('error'), 'access_denied')
  assert.equal(back.get('error_subcode'), 'cancel')
  assert.equal(back.get('state'), 's')
  assert.equal((await askForToken(sandbox, alpine)).status, 400)
})

test('a redirect address on a foreign host is refused before anybody is asked anything', async () => {
  await using sandbox = await stage()
  const query = new URLSearchParams({ client_id: sandbox.clientId, redirect_uri: 'https://evil.example/callback' })
  const consent = await fetch(`${sandbox.http}/entra/${alpine}/adminconsent?${query.toString()}`)
  assert.equal(consent.status, 400)
  const { address } = authorizationRequest(sandbox, fabrikam, { redirect_uri: 'https://evil.example/callback' })
  const signIn = await fetch(address, { redirect: 'manual' })
  assert.equal(signIn.status, 400)
  assert.equal(signIn.headers.get('location'), null)
})

test('a wrong secret and an unknown tenant are refused in Microsoft’s words', async () => {
  await using sandbox = await stage()
  const wrong = await askForToken(sandbox, fabrikam, 'not-the-secret')
  assert.equal(wrong.status, 401)
  assert.match(String((await jsonOf(wrong))['error_description']), /^AADSTS7000215: /)
  const unknown = await fetch(`${sandbox.http}/entra/nobody.example/v2.0/.well-known/openid-configuration`)
  assert.equal(unknown.status, 400)
  assert.deepEqual((await jsonOf(unknown))['error_codes'], [90002])
})

test('an MSP’s own app is refused in Microsoft’s words for a wrong secret, an expired one, and where it is not known', async () => {
  await using sandbox = await stage()
  const { clientId, clientSecret } = northwindApp
  const said = async (tenant: string, secret: string, id = clientId): Promise<[number, unknown]> => {
    const answer = await askForToken(sandbox, tenant, secret, id)
    return [answer.status, (await jsonOf(answer))['error_codes']]
  }
  assert.deepEqual(await said(northwind, 'mistyped'), [401, [7000215]])
  assert.deepEqual(await said(northwind, sandbox.clientSecret), [401, [7000215]], 'the secret of another app')
  assert.deepEqual(await said(northwind, 'demo~northwind~secret~old'), [401, [7000222]])
  assert.deepEqual(await said(northwind, clientSecret, '6f1d3f0e-8c1b-4d7e-9a52-0c4a7e1bac99'), [400, [700016]])
  assert.deepEqual(await said(fabrikam, clientSecret), [400, [700016]], 'Fabrikam consented to the neutral app alone')
  assert.equal(
    (await askForToken(sandbox, northwind, clientSecret, clientId)).status,
    200,
    'it is part of its own tenant',
  )
  assert.equal((await askForToken(sandbox, northwind, 'demo~northwind~secret~next', clientId)).status, 200)
  const graph = await graphCaller(sandbox, northwind, northwindApp)
  assert.equal((await graph('/organization')).status, 403, 'but allowed nothing there')
})

test('consent belongs to app and tenant: each app shows its name, and lets in itself alone', async () => {
  await using sandbox = await stage()
  const query = new URLSearchParams({ client_id: northwindApp.clientId, redirect_uri: callback, state: 's' })
  const browser = new Browser(sandbox)
  await browser.open(`/entra/${alpine}/adminconsent?${query.toString()}`)
  assert.match(browser.body, /to continue to <strong>Northwind IT Portal<\/strong>/)
  await browser.submit(alpineAdmin)
  assert.match(browser.body, /Northwind IT Portal asks for permission in Alpine Ski House/)
  assert.match(browser.body, /Published by Northwind IT\./)
  await browser.submit({ do: 'accept' })
  const graph = await graphCaller(sandbox, alpine, northwindApp)
  assert.equal((await graph('/organization')).status, 200)
  assert.equal((await askForToken(sandbox, alpine)).status, 400, 'the neutral app got nothing by it')

  await fetch(`${sandbox.http}/control/tenants/${alpine}/consent`, {
    method: 'POST',
    headers: { 'content-type': 'application/json' },
    body: JSON.stringify({ granted: false, clientId: northwindApp.clientId }),
  })
  assert.equal((await graph('/organization')).status, 401)
})

test('a sign-in is for the app that asked, and its code for no other', async () => {
  await using sandbox = await stage()
  const asked = { client_id: northwindApp.clientId }
  const codeOf = async (): Promise<{ code: string; verifier: string; body: string }> => {
    const request = authorizationRequest(sandbox, fabrikam, asked)
    const browser = new Browser(sandbox)
    await browser.open(request.address)
    assert.match(browser.body, /Northwind IT Portal/)
    await browser.submit(tom)
    const { body } = browser
    await browser.submit({ do: 'accept' })
    return { code: new URL(browser.location).searchParams.get('code') ?? '', verifier: request.verifier, body }
  }
  const first = await codeOf()
  assert.match(first.body, /Northwind IT Portal would like to sign you in/)
  assert.equal((await redeem(sandbox, fabrikam, first.code, first.verifier)).status, 400)

  const request = authorizationRequest(sandbox, fabrikam, asked)
  const browser = new Browser(sandbox)
  await browser.open(request.address)
  await browser.submit(tom)
  const code = new URL(browser.location).searchParams.get('code') ?? ''
  const second = { clientId: northwindApp.clientId, clientSecret: 'demo~northwind~secret~next' }
  const { status, body } = await redeem(sandbox, 'organizations', code, request.verifier, second)
  assert.equal(status, 200, 'any secret of the app that is good')
  const { payload } = await verified(sandbox, String(body['id_token']))
  assert.equal(payload.aud, northwindApp.clientId)
  const neutral = authorizationRequest(sandbox, fabrikam)
  await browser.open(neutral.address)
  const other = new URL(browser.location).searchParams.get('code') ?? ''
  const theirs = await redeem(sandbox, fabrikam, other, neutral.verifier)
  const told = (await verified(sandbox, String(theirs.body['id_token']))).payload
  assert.equal(told['oid'], payload['oid'], 'the same person for every app')
  assert.notEqual(told.sub, payload.sub, 'under a name of its own for each')
})

test('an app that nobody registered is told so, and nobody is asked anything', async () => {
  await using sandbox = await stage()
  for (const authority of [fabrikam, 'organizations']) {
    const answer = await fetch(authorizationRequest(sandbox, authority, { client_id: 'made-up' }).address)
    assert.equal(answer.status, 400)
    assert.match(await answer.text(), /AADSTS700016/)
  }
})

test('a world that was kept while there was one app keeps its consents', async () => {
  const first = await stage()
  const { stateFolder } = first
  await first.close()
  const path = join(stateFolder, 'world.json')
  const world = JSON.parse(await readFile(path, 'utf8')) as { tenants: Record<string, unknown>[] }
  world.tenants = world.tenants.map(({ consents: _, ...tenant }) => ({
    ...tenant,
    ...(tenant['tenantId'] === alpine ? { grantedPermissions: ['Organization.Read.All'] } : {}),
    consentedUserIds: [],
  }))
  await writeFile(path, JSON.stringify(world))
  await using second = await stage({ stateFolder })
  assert.equal((await (await graphCaller(second, alpine))('/organization')).status, 200)
  assert.equal((await askForToken(second, fabrikam)).status, 400)
})

test('a domain leads to its tenant, and the shared authority has a templated issuer', async () => {
  await using sandbox = await stage()
  const discover = async (authority: string): Promise<Record<string, unknown>> =>
    jsonOf(await fetch(`${sandbox.http}/entra/${authority}/v2.0/.well-known/openid-configuration`))
  assert.equal((await discover('fabrikamdental.example'))['issuer'], `${sandbox.http}/entra/${fabrikam}/v2.0`)
  assert.equal((await discover('organizations'))['issuer'], `${sandbox.http}/entra/{tenantid}/v2.0`)
})

for (const authority of [fabrikam, 'organizations']) {
  test(`a person signs in through ${authority === fabrikam ? 'their tenant' : 'the shared authority'}`, async () => {
    await using sandbox = await stage()
    const request = authorizationRequest(sandbox, authority)
    const browser = new Browser(sandbox)
    await browser.open(request.address)
    if (authority === 'organizations') await browser.submit({ do: 'sign-in', account: tom.account })
    await browser.submit({ ...tom, password: 'wrong' })
    assert.match(browser.body, /password is incorrect/)
    await browser.submit(tom)
    const back = new URL(browser.location)
    assert.equal(back.searchParams.get('state'), 'state-of-the-caller')
    assert.equal(back.searchParams.get('iss'), null)

    const { status, body } = await redeem(sandbox, authority, back.searchParams.get('code') ?? '', request.verifier)
    assert.equal(status, 200, JSON.stringify(body))
    const { payload, protectedHeader } = await verified(sandbox, String(body['id_token']))
    assert.equal(protectedHeader.alg, 'RS256')
    assert.equal(payload.iss, `${sandbox.http}/entra/${fabrikam}/v2.0`)
    assert.equal(payload.aud, sandbox.clientId)
    assert.equal(payload['tid'], fabrikam)
    assert.equal(payload['ver'], '2.0')
    assert.equal(payload['nonce'], request.nonce)
    assert.equal(payload['preferred_username'], tom.account)
    assert.deepEqual(payload['wids'], ['b79fbf4d-3ef9-4689-8143-76b194e85509'])

    const user = await jsonOf(await (await graphCaller(sandbox, fabrikam))(`/users/${String(payload['oid'])}`))
    assert.equal(user['userPrincipalName'], tom.account)
  })
}

test('a sign-in can be told to lie, once for each lie', async () => {
  await using sandbox = await stage()
  const signedIn = async (): Promise<string> => {
    const request = authorizationRequest(sandbox, fabrikam)
    const browser = new Browser(sandbox)
    await browser.open(request.address)
    await browser.submit(tom)
    const code = new URL(browser.location).searchParams.get('code') ?? ''
    return String((await redeem(sandbox, fabrikam, code, request.verifier)).body['id_token'])
  }
  const told = async (lie: string): Promise<string> => {
    const answer = await fetch(`${sandbox.http}/control/sign-ins`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ lie }),
    })
    assert.equal(answer.status, 201)
    return signedIn()
  }
  for (const lie of ['unsigned', 'shared_secret', 'stranger', 'expired'])
    await assert.rejects(verified(sandbox, await told(lie)), lie)
  const claimed = async (lie: string): Promise<JWTPayload> => decodeJwt(await told(lie))
  assert.equal((await claimed('issuer')).iss, 'https://login.evil.example/v2.0')
  assert.equal((await claimed('audience')).aud, 'another-application')
  assert.equal((await claimed('nonce'))['nonce'], 'another-sign-in')
  assert.equal((await claimed('no_tenant'))['tid'], undefined)
  assert.notEqual((await claimed('other_tenant'))['tid'], fabrikam)
  assert.equal((await verified(sandbox, await signedIn())).payload['tid'], fabrikam)
})

test('whoever is signed in is not asked again, unless the caller wants an account chosen', async () => {
  await using sandbox = await stage()
  const browser = new Browser(sandbox)
  await browser.open(authorizationRequest(sandbox, fabrikam).address)
  await browser.submit(tom)

  await browser.open(authorizationRequest(sandbox, fabrikam).address)
  assert.ok(browser.location.startsWith(callback), 'the second time is silent')
  await browser.open(authorizationRequest(sandbox, 'organizations').address)
  assert.ok(browser.location.startsWith(callback), 'also through the shared authority')

  await browser.open(authorizationRequest(sandbox, fabrikam, { prompt: 'select_account' }).address)
  assert.match(browser.body, /Go on as Tom Okafor/)
  await browser.open(authorizationRequest(sandbox, fabrikam, { prompt: 'login' }).address)
  assert.doesNotMatch(browser.body, /Go on as/)
  await browser.submit(tom)
  assert.ok(browser.location.startsWith(callback))
})

test('an administrator who has signed in to consent is not asked again by the sign-in that proves it', async () => {
  await using sandbox = await stage()
  const consent = new URLSearchParams({ client_id: sandbox.clientId, redirect_uri: callback, state: 's' })
  const browser = new Browser(sandbox)
  await browser.open(`/entra/${alpine}/adminconsent?${consent.toString()}`)
  await browser.submit(alpineAdmin)
  await browser.submit({ do: 'accept' })

  const request = authorizationRequest(sandbox, alpine)
  await browser.open(request.address)
  assert.ok(browser.location.startsWith(callback), `asked again at ${browser.location}`)
  const code = new URL(browser.location).searchParams.get('code') ?? ''
  const { payload } = await verified(
    sandbox,
    String((await redeem(sandbox, alpine, code, request.verifier)).body['id_token']),
  )
  assert.equal(payload['preferred_username'], alpineAdmin.account)

  await browser.open(authorizationRequest(sandbox, alpine, { prompt: 'login' }).address)
  assert.match(browser.body, /data-sign-in/, 'a caller who wants the password typed gets it typed')
  const elsewhere = new Browser(sandbox)
  await elsewhere.open(authorizationRequest(sandbox, alpine).address)
  assert.match(elsewhere.body, /data-sign-in/, 'another browser knows nothing of it')
})

test('an administrator who consented is not taken for a colleague the caller asks for', async () => {
  await using sandbox = await stage()
  const consent = new URLSearchParams({ client_id: sandbox.clientId, redirect_uri: callback, state: 's' })
  const browser = new Browser(sandbox)
  await browser.open(`/entra/${alpine}/adminconsent?${consent.toString()}`)
  await browser.submit(alpineAdmin)
  await browser.open(authorizationRequest(sandbox, alpine, { login_hint: jonas.account }).address)
  assert.match(browser.body, /data-sign-in/)
})

test('somebody else can sign in where a colleague already is', async () => {
  await using sandbox = await stage()
  const browser = new Browser(sandbox)
  await browser.open(authorizationRequest(sandbox, fabrikam).address)
  await browser.submit(tom)
  const request = authorizationRequest(sandbox, fabrikam, { prompt: 'select_account' })
  await browser.open(request.address)
  await browser.submit({ do: 'sign-in', account: 'dana@fabrikamdental.example', password: 'demo-dana-violet-15' })
  if (!browser.location.startsWith(callback)) await browser.submit({})
  const code = new URL(browser.location).searchParams.get('code') ?? ''
  const { body } = await redeem(sandbox, fabrikam, code, request.verifier)
  const { payload } = await verified(sandbox, String(body['id_token']))
  assert.equal(payload['name'], 'Dana Whitfield')
})

test('an administrator’s id token carries the role of a global administrator', async () => {
  await using sandbox = await stage()
  const request = authorizationRequest(sandbox, fabrikam)
  const browser = new Browser(sandbox)
  await browser.open(request.address)
  await browser.submit({ do: 'sign-in', account: 'admin@fabrikamdental.example', password: 'demo-entra-fabrikam' })
  const code = new URL(browser.location).searchParams.get('code') ?? ''
  const { body } = await redeem(sandbox, fabrikam, code, request.verifier)
  const { payload } = await verified(sandbox, String(body['id_token']))
  assert.ok((payload['wids'] as string[]).includes('62e90394-69f5-4237-9190-012177145e10'))
})

test('a code is refused without its verifier and when it comes a second time', async () => {
  await using sandbox = await stage()
  const browser = new Browser(sandbox)
  const first = authorizationRequest(sandbox, fabrikam)
  await browser.open(first.address)
  await browser.submit(tom)
  const code = new URL(browser.location).searchParams.get('code') ?? ''
  const mistaken = await redeem(sandbox, fabrikam, code, 'x'.repeat(43))
  assert.equal(mistaken.status, 400)
  assert.equal(mistaken.body['error'], 'invalid_grant')

  const second = authorizationRequest(sandbox, fabrikam)
  await browser.open(second.address)
  const another = new URL(browser.location).searchParams.get('code') ?? ''
  assert.equal((await redeem(sandbox, fabrikam, another, second.verifier)).status, 200)
  assert.equal((await redeem(sandbox, fabrikam, another, second.verifier)).status, 400)
})

test('a code request without a challenge is sent back', async () => {
  await using sandbox = await stage()
  const browser = new Browser(sandbox)
  const { address } = authorizationRequest(sandbox, fabrikam)
  const url = new URL(address)
  url.searchParams.delete('code_challenge')
  url.searchParams.delete('code_challenge_method')
  await browser.open(url.href)
  assert.equal(new URL(browser.location).searchParams.get('error'), 'invalid_request')
})

test('where no administrator has consented, a person agrees for themselves once', async () => {
  await using sandbox = await stage()
  const browser = new Browser(sandbox)
  await browser.open(authorizationRequest(sandbox, alpine).address)
  await browser.submit(jonas)
  assert.match(browser.body, /would like to sign you in/)
  await browser.submit({ do: 'accept' })
  assert.ok(new URL(browser.location).searchParams.has('code'))
  await browser.open(authorizationRequest(sandbox, alpine, { prompt: 'login' }).address)
  await browser.submit(jonas)
  assert.ok(new URL(browser.location).searchParams.has('code'))
})

test('a token of one tenant reads that tenant only, and a restart does not end it', async () => {
  const first = await stage()
  const graph = await graphCaller(first, contoso)
  const organization = await jsonOf(await graph('/organization'))
  assert.equal((organization['value'] as { id: string }[])[0]?.id, contoso)
  const token = String((await jsonOf(await askForToken(first, contoso)))['access_token'])
  const { stateFolder } = first
  await first.close()
  await using second = await stage({ stateFolder })
  const response = await fetch(`${second.http}/graph/v1.0/organization`, {
    headers: { authorization: `Bearer ${token}` },
  })
  assert.equal(response.status, 200)
})

async function verified(sandbox: Stage, token: string): ReturnType<typeof jwtVerify> {
  const published = await jsonOf(await fetch(`${sandbox.http}/entra/common/discovery/v2.0/keys`))
  const keys = published['keys'] as Record<string, unknown>[]
  assert.ok(keys.every((key) => key['alg'] === undefined && key['d'] === undefined))
  return jwtVerify(token, createLocalJWKSet(published as unknown as JSONWebKeySet), { algorithms: ['RS256'] })
}
