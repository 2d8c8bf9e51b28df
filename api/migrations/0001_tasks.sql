-- Tasks, and the wall around them. Runs as latchkey_owner, which no server can log in as.
create schema todo;

-- The subject of this transaction. After a commit the setting is '' and not null, hence nullif.
create function todo.subject() returns text
  language sql stable parallel safe
  return nullif(current_setting('app.subject', true), '');

-- One row per account that ever wrote: the last revision it was given.
create table todo.account (
  user_id text primary key default todo.subject() references auth."user" (id) on delete cascade,
  revision bigint not null default 1
);

-- The account leads the primary key: one account's ids say nothing about another's.
create table todo.task (
  user_id text not null default todo.subject() references auth."user" (id) on delete cascade,
  id uuid not null,
  title text not null check (char_length(title) between 1 and 200),
  description text check (char_length(description) <= 10000),
  completed boolean not null default false,
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null,
  revision bigint not null,
  primary key (user_id, id)
);
create index task_newest on todo.task (user_id, created_at desc, id desc);

-- Answers to keep for 24 hours, so that a repeated request is answered and not done again.
create table todo.idempotency (
  user_id text not null default todo.subject() references auth."user" (id) on delete cascade,
  key text not null check (char_length(key) between 1 and 255),
  fingerprint bytea not null,
  task text,
  revision bigint,
  created_at timestamptz not null default clock_timestamp(),
  primary key (user_id, key)
);
create index idempotency_age on todo.idempotency (user_id, created_at);

-- Every write takes the account's next revision. The account's row stays locked until the commit, so revisions
-- are given in the order in which they become visible.
create function todo.stamp_task() returns trigger
  language plpgsql set search_path = '' as $$
begin
  insert into todo.account default values
    on conflict (user_id) do update set revision = todo.account.revision + 1
    returning revision into strict new.revision;
  new.updated_at := case when tg_op = 'INSERT' then new.created_at else clock_timestamp() end;
  return new;
end $$;
create trigger task_stamp before insert or update on todo.task
  for each row execute function todo.stamp_task();

-- Forced on the owner as well, and no policy for it: only what cascades from auth."user" passes, because
-- PostgreSQL exempts its own foreign key actions from FORCE.
alter table todo.account enable row level security, force row level security;
alter table todo.task enable row level security, force row level security;
alter table todo.idempotency enable row level security, force row level security;
create policy own on todo.account to latchkey_api
  using (user_id = todo.subject()) with check (user_id = todo.subject());
create policy own on todo.task to latchkey_api
  using (user_id = todo.subject()) with check (user_id = todo.subject());
create policy own on todo.idempotency to latchkey_api
  using (user_id = todo.subject()) with check (user_id = todo.subject());

-- No column grant names user_id: whose a row is, only the subject decides.
revoke all on function todo.subject(), todo.stamp_task() from public;
grant usage on schema todo to latchkey_api;
grant execute on function todo.subject() to latchkey_api;
grant select, insert (revision), update (revision) on todo.account to latchkey_api;
grant select, delete, insert (id, title, description, completed), update (title, description, completed)
  on todo.task to latchkey_api;
grant select, delete, insert (key, fingerprint), update (task, revision) on todo.idempotency to latchkey_api;
