-- Lists, tags, subtasks, due dates, manual order, recurrence and the trash, each behind the wall of 0001.

-- Every write takes the account's next revision. The account's row stays locked until the commit, so revisions are
-- given in the order in which they become visible. Within a transaction they are counted in a setting and the
-- account's row is written once for each statement: once for each task, a statement over n tasks took time in n².
-- Whoever deletes an account locks its row in auth first and what belongs to it after that. Writes do it in the same
-- order, or the two would deadlock. The API's role has no right on auth, hence the owner's; there is nothing to learn
-- from it, and nothing to be told.
create function todo.hold_account() returns void
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
begin
  perform from auth."user" where id = todo.subject() for key share;
end $$;

-- Writes begin with this: those of one account then go one after another, and count on from its revision. Only an
-- insert looks at the account's row in auth.
create function todo.lock_account(inserts boolean) returns void
  language plpgsql set search_path = '' as $$
declare
  subject constant text := todo.subject();
  given bigint;
begin
  if inserts then
    perform todo.hold_account();
  end if;
  select revision into given from todo.account where user_id = subject for update;
  if found then
    perform set_config('app.revision', given || ' ' || subject, true);
  end if;
end $$;

create function todo.next_revision() returns bigint
  language plpgsql set search_path = '' as $$
declare
  subject constant text := todo.subject();
  stamped constant text := current_setting('app.revision', true);
  given bigint;
begin
  if subject = substr(stamped, strpos(stamped, ' ') + 1) then
    given := split_part(stamped, ' ', 1)::bigint + 1;
  else
    perform todo.hold_account();
    insert into todo.account default values
      on conflict (user_id) do update set revision = todo.account.revision + 1
      returning revision into strict given;
  end if;
  perform set_config('app.revision', given || ' ' || subject, true);
  return given;
end $$;

create function todo.keep_revision() returns trigger
  language plpgsql set search_path = '' as $$
declare
  subject constant text := todo.subject();
  stamped constant text := current_setting('app.revision', true);
begin
  if subject = substr(stamped, strpos(stamped, ' ') + 1) then
    update todo.account set revision = split_part(stamped, ' ', 1)::bigint
      where user_id = subject and revision < split_part(stamped, ' ', 1)::bigint;
  end if;
  return null;
end $$;

-- Without a subject only the owner's purge comes here, by way of a foreign key that loses what it led to.
create function todo.stamp() returns trigger
  language plpgsql set search_path = '' as $$
begin
  if tg_op = 'UPDATE' and todo.subject() is null then
    return new;
  end if;
  new.revision := todo.next_revision();
  new.updated_at := case when tg_op = 'INSERT' then new.created_at else clock_timestamp() end;
  return new;
end $$;

-- The key of fractional-indexing for a moment: what is made later sorts later.
create function todo.position_of(moment timestamptz) returns text
  language plpgsql immutable set search_path = '' as $$
declare
  digits constant text := '0123456789ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz';
  rest bigint := floor(extract(epoch from moment) * 1000);
  written text := '';
begin
  for digit in 1..7 loop
    written := substr(digits, (rest % 62)::integer + 1, 1) || written;
    rest := rest / 62;
  end loop;
  return 'g' || written;
end $$;

create table todo.list (
  user_id text not null default todo.subject() references auth."user" (id) on delete cascade,
  id uuid not null,
  name text not null check (char_length(name) between 1 and 100),
  color text not null check (char_length(color) <= 20),
  position text collate "C" not null default todo.position_of(clock_timestamp())
    check (position ~ '^[A-Za-z0-9]{2,250}$'),
  deleted_at timestamptz(3),
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null,
  revision bigint not null,
  primary key (user_id, id)
);

-- Names are compared by their key, which the API folds: the servers' collations do not agree about case.
create table todo.tag (
  user_id text not null default todo.subject() references auth."user" (id) on delete cascade,
  id uuid not null,
  name text not null check (char_length(name) between 1 and 50),
  key text collate "C" not null check (char_length(key) between 1 and 200),
  created_at timestamptz(3) not null default clock_timestamp(),
  updated_at timestamptz(3) not null,
  revision bigint not null,
  primary key (user_id, id),
  unique (user_id, key)
);

-- Every reference begins with the account: one into another account cannot be written down.
alter table todo.task
  add due text collate "C" check (due ~ '^\d{4}-\d\d-\d\d(T\d\d:\d\d\[[A-Za-z0-9_+/-]{1,64}\])?$'),
  add priority smallint not null default 4 check (priority between 1 and 4),
  add list_id uuid,
  add parent_id uuid check (parent_id <> id),
  add position text collate "C" default todo.position_of(clock_timestamp())
    check (position ~ '^[A-Za-z0-9]{2,250}$'),
  add recurrence_rule text check (char_length(recurrence_rule) <= 200),
  add recurrence_from text check (recurrence_from in ('schedule', 'completion')),
  add next_id uuid,
  add next_revision bigint,
  add tags text[] not null default '{}',
  add has_subtasks boolean not null default false,
  add completed_at timestamptz(3),
  add deleted_at timestamptz(3),
  add check ((recurrence_rule is null) = (recurrence_from is null)),
  add check (recurrence_rule is null or due is not null);

-- Tasks of before keep their revision and their time: nobody changed them. The trigger and
-- the policy would both hold the owner back here.
drop trigger task_stamp on todo.task;
drop function todo.stamp_task();
alter table todo.task no force row level security;
update todo.task set
  position = todo.position_of(created_at),
  completed_at = case when completed then updated_at end;

alter table todo.task
  alter position set not null,
  add check (completed = (completed_at is not null)),
  add foreign key (user_id, list_id) references todo.list (user_id, id) on delete set null (list_id),
  add foreign key (user_id, parent_id) references todo.task (user_id, id) on delete cascade,
  add foreign key (user_id, next_id) references todo.task (user_id, id) on delete set null (next_id);
alter table todo.task force row level security;

-- Which tasks a tag is on. What a task shows of it, `tags`, is written whenever this is, so that no list of tasks
-- has to look here.
create table todo.task_tag (
  user_id text not null default todo.subject() references auth."user" (id) on delete cascade,
  task_id uuid not null,
  tag_id uuid not null,
  primary key (user_id, task_id, tag_id),
  foreign key (user_id, task_id) references todo.task (user_id, id) on delete cascade,
  foreign key (user_id, tag_id) references todo.tag (user_id, id) on delete cascade
);
create index task_tag_tasks on todo.task_tag (user_id, tag_id, task_id);

-- Each view of the page reads an index in its own order; other combinations read no more than one account's tasks.
-- What is null gets a value there, so that the index has its place in the order as well: by CASE, because PostgreSQL
-- takes COALESCE for leaky and would not look an account's row up by it under a policy.
drop index todo.task_newest;
create index task_newest on todo.task (user_id, created_at desc, id desc) where deleted_at is null;
create index task_due on todo.task (user_id, (case when due is null then '~' else due end), position, id)
  where deleted_at is null and not completed;
create index task_list on todo.task
  (user_id, (case when list_id is null then '00000000-0000-0000-0000-000000000000' else list_id end), position, id)
  where deleted_at is null and not completed;
create index task_done on todo.task (user_id, (case when completed_at is null then '-infinity' else completed_at end) desc, id desc)
  where deleted_at is null and completed;
create index task_trash on todo.task (user_id, deleted_at desc, id desc) where deleted_at is not null;
create index task_parent on todo.task (user_id, parent_id, position, id) where parent_id is not null;
create index task_next on todo.task (user_id, next_id) where next_id is not null;

create function todo.stamp_completion() returns trigger
  language plpgsql set search_path = '' as $$
begin
  if not new.completed then
    new.completed_at := null;
  elsif tg_op = 'INSERT' or not old.completed then
    new.completed_at := clock_timestamp();
  end if;
  return new;
end $$;
create trigger task_completion before insert or update of completed on todo.task
  for each row execute function todo.stamp_completion();

create trigger task_stamp before insert or update of title, description, completed, due, priority, list_id,
    parent_id, position, recurrence_rule, recurrence_from, next_id, tags, deleted_at on todo.task
  for each row execute function todo.stamp();
-- Only where there ever were subtasks are they counted, each time anew: a tick there is no change here.
create function todo.mark_parent() returns trigger
  language plpgsql set search_path = '' as $$
begin
  update todo.task set has_subtasks = true
    where user_id = new.user_id and id = new.parent_id and not has_subtasks;
  return null;
end $$;
create trigger task_parent_marked after insert or update of parent_id on todo.task
  for each row when (new.parent_id is not null) execute function todo.mark_parent();

create function todo.count_subtasks(parent uuid) returns json
  language plpgsql stable set search_path = '' as $$
begin
  return (
    select json_build_object('total', count(*), 'completed', count(*) filter (where completed))
    from todo.task where user_id = todo.subject() and parent_id = parent and deleted_at is null);
end $$;

-- Where nobody is bound nothing was stamped: an account is being deleted, by a role that may not even ask who is bound.
create trigger task_revision after insert or update on todo.task
  for each statement when (current_setting('app.subject', true) <> '') execute function todo.keep_revision();
create trigger list_stamp before insert or update on todo.list
  for each row execute function todo.stamp();
create trigger list_revision after insert or update on todo.list
  for each statement when (current_setting('app.subject', true) <> '') execute function todo.keep_revision();
create trigger tag_stamp before insert or update on todo.tag
  for each row execute function todo.stamp();
create trigger tag_revision after insert or update on todo.tag
  for each statement when (current_setting('app.subject', true) <> '') execute function todo.keep_revision();

alter table todo.list enable row level security, force row level security;
alter table todo.tag enable row level security, force row level security;
alter table todo.task_tag enable row level security, force row level security;
create policy own on todo.list to latchkey_api
  using (user_id = todo.subject()) with check (user_id = todo.subject());
create policy own on todo.tag to latchkey_api
  using (user_id = todo.subject()) with check (user_id = todo.subject());
create policy own on todo.task_tag to latchkey_api
  using (user_id = todo.subject()) with check (user_id = todo.subject());

revoke all on function todo.hold_account(), todo.lock_account(boolean), todo.next_revision(), todo.keep_revision(), todo.stamp(), todo.stamp_completion(),
  todo.mark_parent(), todo.count_subtasks(uuid), todo.position_of(timestamptz) from public;
grant execute on function todo.hold_account(), todo.lock_account(boolean), todo.next_revision(), todo.count_subtasks(uuid), todo.position_of(timestamptz)
  to latchkey_api;
grant
  insert (due, priority, list_id, parent_id, position, recurrence_rule, recurrence_from, tags),
  update (due, priority, list_id, parent_id, position, recurrence_rule, recurrence_from, tags, next_id,
    next_revision, has_subtasks, deleted_at)
  on todo.task to latchkey_api;
grant select, delete, insert (id, name, color, position), update (name, color, position, deleted_at)
  on todo.list to latchkey_api;
grant select, delete, insert (id, name, key), update (name, key) on todo.tag to latchkey_api;
grant select, delete, insert (task_id, tag_id) on todo.task_tag to latchkey_api;
