-- Words of title and description without case and accents, kept beside them. Under a policy no GIN index can be used
-- (its operators are not leakproof), so a search reads the tasks of one account and should find them ready to compare.

-- The case of letters beyond ASCII needs a collation that knows them; servers differ in which they have.
do $$
declare
  known text;
begin
  select quote_ident(collname) into known from pg_catalog.pg_collation
    where collname in ('pg_c_utf8', 'C.utf8', 'C.UTF-8', 'und-x-icu', 'en_US.utf8')
      and collnamespace = 'pg_catalog'::regnamespace
      and collencoding in (-1, (select encoding from pg_catalog.pg_database where datname = current_database()))
    order by array_position(array['pg_c_utf8', 'C.utf8', 'C.UTF-8', 'und-x-icu', 'en_US.utf8'], collname::text)
    limit 1;
  execute format($create$
    create function todo.words(content text) returns text
      language sql immutable parallel safe strict set search_path = ''
      as $body$
        select ' ' || btrim(regexp_replace(replace(replace(replace(translate(
          lower(regexp_replace(normalize(content, NFKD), '[\u0300-\u036f\u064b-\u065f\u200b-\u200d]', '', 'g')
            collate pg_catalog.%1$s),
          'ıłøđðħŧς', 'ilođdhtσ'), 'ß', 'ss'), 'æ', 'ae'), 'œ', 'oe')
          collate pg_catalog.%1$s, '[^[:alnum:]]+', ' ', 'g')) || ' '
      $body$
    $create$, coalesce(known, '"default"'));
end $$;

-- One pattern for each word: at the beginning of a word, or anywhere in scripts that put no space between words.
create function todo.search_patterns(query text) returns text[]
  language sql immutable parallel safe strict set search_path = ''
  as $$
    select array_agg(case when word ~ '[\u0e00-\u0eff\u1780-\u17ff\u3040-\u30ff\u3400-\u9fff]'
      then '%' || word || '%' else '% ' || word || '%' end)
    from unnest(string_to_array(btrim(todo.words(query)), ' ')) word where word <> ''
  $$;

alter table todo.task add search text;
alter table todo.task no force row level security, disable trigger user;
update todo.task set search = todo.words(title || ' ' || coalesce(description, ''));
alter table todo.task force row level security, enable trigger user;
alter table todo.task alter search set not null;

-- Not a generated column: that is computed again at every change, of a position as well.
create function todo.stamp_search() returns trigger
  language plpgsql set search_path = '' as $$
begin
  new.search := todo.words(new.title || ' ' || coalesce(new.description, ''));
  return new;
end $$;
create trigger task_search before insert on todo.task
  for each row execute function todo.stamp_search();
create trigger task_search_again before update of title, description on todo.task for each row
  when (old.title <> new.title or old.description is distinct from new.description)
  execute function todo.stamp_search();

revoke all on function todo.words(text), todo.search_patterns(text), todo.stamp_search() from public;
grant execute on function todo.words(text), todo.search_patterns(text) to latchkey_api;
