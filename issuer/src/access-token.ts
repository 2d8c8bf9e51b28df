import { randomUUID } from 'node:crypto'
import { createJwk, type Jwk, type JwtOptions, jwt, signJWT } from 'better-auth/plugins/jwt'
import { createLocalJWKSet, jwtVerify, SignJWT } from 'jose'
import type { IssuerEnv } from './env.ts'

/** RFC 9068 §2.1: the type that keeps any other JWT of this issuer from passing as an access token. */
const TYPE = 'at+jwt'

export interface TokenSubject {
  user: { id: string; email: string }
  session: { id: string; expiresAt: Date }
}
/** RFC 6749 §5.1. */
export interface TokenAnswer {
  access_token: string
  token_type: 'Bearer'
  /** Seconds. */
  expires_in: number
}
type SigningContext = Parameters<typeof signJWT>[0]

/** What an access token says and how it is signed: Better Auth's jwt plugin, held to our profile. */
export function createAccessTokens(env: IssuerEnv, now: () => number = () => Date.now()) {
  const options: JwtOptions = {
    disableSettingJwtHeader: true,
    ...(env.algorithm === 'HS256'
      ? { jwks: NO_JWKS }
      : { jwks: { keyPairConfig: { alg: 'EdDSA', crv: 'Ed25519' } } }),
    jwt: {
      issuer: env.issuerUrl,
      audience: env.audience,
      expirationTime: `${env.ttl}s`,
      definePayload: subject => claims(subject as TokenSubject),
      ...(env.algorithm === 'HS256' && { sign: payload => signHs256(payload) }),
    },
  }

  // Every key is published; one that was announced begins to sign at its time.
  const signing: JwtOptions = {
    ...options,
    adapter: { getJwks: async ctx => keysThatSign(await readKeyPairs(ctx)) },
  }

  function claims({ user, session }: TokenSubject) {
    const iat = Math.floor(now() / 1000)
    // By the clock that ends sessions, which is not the one that ends tokens.
    const left = Math.floor((new Date(session.expiresAt).getTime() - Date.now()) / 1000)
    return {
      sub: user.id,
      user_id: user.id,
      email: user.email,
      sid: session.id,
      jti: randomUUID(),
      iat,
      exp: iat + Math.min(env.ttl, left),
    }
  }

  // Better Auth takes `algorithm: 'HS256'` without a word and signs EdDSA; only its `sign` callback makes HS256.
  function signHs256(payload: Record<string, unknown>): Promise<string> {
    const { kid, secret } = env.keys[0]!
    return new SignJWT(payload).setProtectedHeader({ alg: 'HS256', kid, typ: TYPE }).sign(secret)
  }

  async function mint(ctx: SigningContext, subject: TokenSubject): Promise<TokenAnswer> {
    const payload = claims(subject)
    const access_token = await signJWT(ctx, { options: signing, payload, header: { typ: TYPE } })
    return { access_token, token_type: 'Bearer', expires_in: payload.exp - payload.iat }
  }

  /** Publishes a new key pair that will sign from `at` on. */
  async function announceKeyPair(ctx: SigningContext, at: Date): Promise<void> {
    const createJwkAt = (key: Omit<Jwk, 'id'>) =>
      ctx.context.adapter.create<Omit<Jwk, 'id'>, Jwk>({ model: 'jwks', data: { ...key, createdAt: at } })
    await createJwk(ctx, { ...options, adapter: { createJwk: createJwkAt } })
  }

  /** Mints one token and verifies it as the API would; throws when Better Auth signed something else. */
  async function selfTest(ctx: SigningContext, jwks: () => Promise<unknown>): Promise<void> {
    const session = { id: 'self-test', expiresAt: new Date(Date.now() + 2 * env.ttl * 1000) }
    const { access_token } = await mint(ctx, { user: { id: 'self-test', email: 'self@test' }, session })
    const key = env.algorithm === 'HS256' ? env.keys[0]!.secret : createLocalJWKSet((await jwks()) as never)
    const expected = {
      issuer: env.issuerUrl,
      audience: env.audience,
      algorithms: [env.algorithm],
      typ: TYPE,
      currentDate: new Date(now()),
    }
    const { payload } =
      key instanceof Uint8Array
        ? await jwtVerify(access_token, key, expected)
        : await jwtVerify(access_token, key, expected)
    if (payload.exp! - payload.iat! !== env.ttl || payload.sid !== 'self-test')
      throw new Error('The access token does not say what it was configured to say.')
  }

  return { plugin: jwt(options), mint, announceKeyPair, selfTest }
}
export type AccessTokens = ReturnType<typeof createAccessTokens>

// The plugin wants both beside a `sign` callback; with them it keeps no key pair and answers 404 for JWKS.
const NO_JWKS = { remoteUrl: 'about:blank', keyPairConfig: { alg: 'EdDSA' } } as const

function readKeyPairs({ context }: SigningContext): Promise<Jwk[]> {
  return context.adapter.findMany<Jwk>({ model: 'jwks' })
}

/** Never none, should the clock be behind: Better Auth would make another pair, which no API knows. */
function keysThatSign(pairs: Jwk[]): Jwk[] {
  const [oldest, ...others] = pairs.toSorted((one, other) => +one.createdAt - +other.createdAt)
  return oldest ? [oldest, ...others.filter(({ createdAt }) => createdAt <= new Date())] : []
}
