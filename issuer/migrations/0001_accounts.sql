-- Better Auth 1.7.7's tables, written out (auth.test.ts holds them against what Better Auth expects).
-- Runs as latchkey_owner, which no server can log in as.
create schema if not exists auth;

create table auth."user" (
  id text primary key,
  name text not null,
  email text not null unique,
  "emailVerified" boolean not null,
  image text,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null default current_timestamp
);

create table auth.session (
  id text primary key,
  "expiresAt" timestamptz not null,
  token text not null unique,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null,
  "ipAddress" text,
  "userAgent" text,
  "userId" text not null references auth."user" (id) on delete cascade
);
create index session_user_id on auth.session ("userId");
create index session_expiry on auth.session ("expiresAt");

create table auth.account (
  id text primary key,
  "accountId" text not null,
  "providerId" text not null,
  "userId" text not null references auth."user" (id) on delete cascade,
  "accessToken" text,
  "refreshToken" text,
  "idToken" text,
  "accessTokenExpiresAt" timestamptz,
  "refreshTokenExpiresAt" timestamptz,
  scope text,
  password text,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null
);
create index account_user_id on auth.account ("userId");

create table auth.verification (
  id text primary key,
  identifier text not null,
  value text not null,
  "expiresAt" timestamptz not null,
  "createdAt" timestamptz not null default current_timestamp,
  "updatedAt" timestamptz not null default current_timestamp
);
create index verification_identifier on auth.verification (identifier);

create table auth.jwks (
  id text primary key,
  "publicKey" text not null,
  "privateKey" text not null,
  "createdAt" timestamptz not null,
  "expiresAt" timestamptz,
  alg text,
  crv text
);

-- Better Auth slides a session with every use and knows no last day: none lives longer than 30 days.
create function auth.bound_session_age() returns trigger
language plpgsql set search_path = pg_catalog, pg_temp as $$
begin
  new."expiresAt" := least(new."expiresAt", new."createdAt" + interval '30 days');
  return new;
end $$;
create trigger session_age_bounded before insert or update on auth.session
  for each row execute function auth.bound_session_age();

-- Password attempts by account, by address and by both, in one window each. Keys are hashes: no email is kept.
create table auth.attempt (
  key text primary key,
  failures integer not null,
  window_ends timestamptz not null
);
create index attempt_window on auth.attempt (window_ends);

-- Addresses an account has proved its password from: a stranger's failures elsewhere do not lock them out.
create table auth.familiar_address (
  key text primary key,
  seen_at timestamptz not null
);
create index familiar_address_seen on auth.familiar_address (seen_at);

grant usage on schema auth to latchkey_issuer;
grant select, insert, update, delete
  on auth."user", auth.session, auth.account, auth.verification, auth.jwks, auth.attempt, auth.familiar_address
  to latchkey_issuer;
revoke all on function auth.bound_session_age() from public;
