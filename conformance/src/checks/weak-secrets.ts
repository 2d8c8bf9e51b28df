// Secrets that are in tutorials, examples and defaults: the first that anybody tries.
export const WEAK_SECRETS: readonly string[] = [
  '',
  ...`
secret SECRET Secret s3cr3t secretkey secret_key secret-key secretKey SECRET_KEY jwtsecret jwt_secret jwt-secret
JWT_SECRET jwtSecret mysecret my_secret my-secret my_secret_key mySecretKey my-secret-key supersecret super_secret
super-secret supersecretkey super_secret_key super-secret-key supersecretjwt topsecret verysecret shhhhh shhhhhhared-secret
shared-secret changeme change_me change-me changeit ChangeMe please-change-me CHANGE_ME_IN_PRODUCTION password
Password123 passw0rd admin root test testing test-secret testsecret dev development dev-secret devsecret local
localhost default example example-secret key private privatekey private-key token access access_token accesstoken
auth authsecret auth-secret AUTH_SECRET NEXTAUTH_SECRET BETTER_AUTH_SECRET ACCESS_TOKEN_SECRET ACCESS_TOKEN_KEY
hmackey hmac hs256 HS256 foo bar foobar hello helloworld qwerty letmein 123 1234 12345 123456 12345678 123456789
1234567890 0 null undefined true none nosecret insecure unsafe todo latchkey conformance api server app myapp
my-app node express fastapi hono nextjs supabase your-256-bit-secret your-384-bit-secret your-512-bit-secret
your-secret your_secret your-secret-key your_secret_key your_jwt_secret your-jwt-secret
a-string-secret-at-least-256-bits-long better-auth-secret-12345678901234567890 better-auth-secret-123456789
super-secret-jwt-token-with-at-least-32-characters-long 09d25e094faa6ca2556c818166b7a9563b93f7099f6f0f4caa6cf63b88e8d3e7
GZ3XTA72WsJCGqyrJgvzfEk0nTRUw4I5 AyM1SysPpbyDfgZld3umj1qzKObwVMkoqQ-EstJQLr_T-1qS0gZH75aKtMN3Yj0iPS4hcgUuTwjAzZr1Z9CAow
00000000000000000000000000000000 0123456789abcdef0123456789abcdef 01234567890123456789012345678901
12345678901234567890123456789012 abcdefghijklmnopqrstuvwxyz123456 aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa
thisisasecret this-is-a-secret thisisaverysecretkey replace-me replace_me_with_a_secret insert-secret-here
`
    .trim()
    .split(/\s+/),
]
