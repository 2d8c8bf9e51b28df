-- Every end of a session, whoever causes it (sign-out, revoke, password change, account deletion, plain SQL),
-- is a row here in the same transaction. The newest row is never removed: its seq is the head of the feed.
create table auth.revocation (
  seq bigint generated always as identity primary key,
  sid text not null,
  revoked_at timestamptz not null default clock_timestamp()
);

-- Statement-level with a transition table: row-level triggers deadlock with concurrent sign-outs.
create function auth.record_revocations() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
begin
  if not exists (select from ended) then
    return null;
  end if;
  -- Held until after the commit is visible, so the order of seq is the order of commits and no reader skips one.
  perform pg_advisory_xact_lock(hashtext('latchkey.revocation'));
  insert into auth.revocation (sid) select id from ended;
  perform pg_notify('latchkey_revocation', '');
  return null;
end $$;
create trigger session_ended after delete on auth.session
  referencing old table as ended
  for each statement execute function auth.record_revocations();

-- An emergency "truncate" fires no delete trigger; it has the table to itself, so what it ends is known here.
create function auth.record_truncation() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp set lock_timeout = '2s' as $$
begin
  perform pg_advisory_xact_lock(hashtext('latchkey.revocation'));
  insert into auth.revocation (sid) select id from auth.session;
  perform pg_notify('latchkey_revocation', '');
  return null;
end $$;
create trigger sessions_truncated before truncate on auth.session
  for each statement execute function auth.record_truncation();

-- A new password ends every session of its user, also when an administrator sets it with plain SQL.
create function auth.end_sessions_of_changed_passwords() returns trigger
language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  delete from auth.session s
    using before_change o join after_change n on n.id = o.id
    where s."userId" = n."userId" and o.password is not null and n.password is distinct from o.password;
  return null;
end $$;
create trigger password_changed after update on auth.account
  referencing old table as before_change new table as after_change
  for each statement execute function auth.end_sessions_of_changed_passwords();

-- One row for each API instance that may be accepting tokens. Logged on purpose: a lost lease would let a
-- sign-out answer before the instance that holds it knows. `polls` tells a silent row from a living one.
create table auth.lease (
  instance uuid primary key,
  epoch text not null,
  acknowledged bigint not null,
  polls bigint not null default 1
);

grant select, delete on auth.revocation to latchkey_issuer;
grant select, insert, update, delete on auth.lease to latchkey_issuer;
revoke all on function auth.record_revocations(), auth.record_truncation(),
  auth.end_sessions_of_changed_passwords() from public;
