-- The peers' own table: the core's fields, no row security, no trigger. Copied from ours, so that both hold the same.
create schema peer;
create table peer.task as
  select id, user_id, title, description, completed, created_at, updated_at from todo.task;
alter table peer.task add primary key (id);
create index task_newest on peer.task (user_id, created_at desc, id desc);
analyze peer.task;
