-- How far the issuers' time is ahead of this server's clock: 0 until that clock is set back, for their time never
-- is. `corrections` counts the changes, so that an issuer can tell another's correction from a clock that was set.
create table auth.clock (
  only_row boolean primary key default true check (only_row),
  ahead_ms bigint not null default 0,
  corrections bigint not null default 0
);
insert into auth.clock default values;
grant select, update (ahead_ms, corrections) on auth.clock to latchkey_issuer;
