-- What has been in the trash for 30 days goes for good, whoever it belongs to. No policy of the API's role shows it
-- rows of more than one account, so the owner does it, in a function without parameters. The owner is held by row
-- security as well, and its policy shows it nothing but expired rows: a mistake in here can lose nothing else.
create policy expired on todo.task to latchkey_owner using (deleted_at < now() - interval '30 days');
create policy expired on todo.list to latchkey_owner using (deleted_at < now() - interval '30 days');

-- In words of its own: no query of an account can take this index, which knows no accounts, for one that would do.
create index task_expiry on todo.task ((case when deleted_at is null then 'infinity' else deleted_at end))
  where case when deleted_at is null then 'infinity' else deleted_at end < 'infinity';

create function todo.purge_trash() returns integer
  language plpgsql security definer set search_path = pg_catalog, pg_temp as $$
declare
  tasks integer;
  lists integer;
begin
  delete from todo.task where ctid in (
    select ctid from todo.task
    where case when deleted_at is null then 'infinity' else deleted_at end < 'infinity'
      and case when deleted_at is null then 'infinity' else deleted_at end < now() - interval '30 days'
    limit 500 for update skip locked);
  get diagnostics tasks = row_count;
  delete from todo.list where ctid in (
    select ctid from todo.list where deleted_at < now() - interval '30 days' limit 500 for update skip locked);
  get diagnostics lists = row_count;
  return tasks + lists;
end $$;
revoke all on function todo.purge_trash() from public;
grant execute on function todo.purge_trash() to latchkey_api;
