// Mistakes in bodies, queries and pages: what is read, what is believed, what is given back.
import type { Fault } from './fault.ts'

export const bodyFaults: Fault[] = [
  {
    name: 'walks-bodies-by-recursion',
    says: 'a validator of our own that calls itself for each member',
    kills: ['T-169'],
  },
  {
    name: 'no-body-limit',
    says: 'the proxy in front limits bodies',
    kills: ['T-170'],
    also: ['T-181'],
  },
  {
    name: 'any-media-type-is-json',
    says: 'JSON.parse(await request.text()): what else would it be',
    kills: ['T-172'],
    also: ['T-116'],
  },
  {
    name: 'ignores-the-charset',
    says: "type.split(';')[0]",
    kills: ['T-172'],
  },
  {
    name: 'inflates-bodies',
    says: 'decompression is on by default in the body parser',
    kills: ['T-174'],
  },
  {
    name: 'inflates-before-it-refuses',
    says: 'whether a body is too large is known when it is unpacked',
    kills: ['T-174'],
  },
  {
    name: 'measures-after-it-parses',
    says: 'the limit is on characters: JSON.parse first, then count',
    kills: ['T-170'],
  },
  {
    name: 'ends-idle-connections-alone',
    says: 'server.timeout: whoever says nothing for a second is gone',
    kills: ['T-181'],
  },
  {
    name: 'reads-bodies-in-turns',
    says: 'one body in memory at a time, so that memory is bounded',
    kills: ['T-181'],
  },
  {
    name: 'replaces-bad-bytes-in-bodies',
    says: "body.toString('utf8')",
    kills: ['T-175'],
  },
  {
    name: 'reads-the-first-line',
    says: "text.split('\\n')[0], as one document is one line",
    kills: ['T-176'],
    also: ['T-182'],
  },
  {
    name: 'leaves-nul-to-the-database',
    says: 'PostgreSQL knows what a text may hold',
    kills: ['T-178'],
  },
  {
    name: 'cuts-long-texts',
    says: 'title.slice(0, 200), rather than bother anybody',
    kills: ['T-179'],
  },
  {
    name: 'forgets-that-null-is-an-object',
    says: "typeof body === 'object'",
    kills: ['T-180'],
  },
  {
    name: 'waits-for-bodies-forever',
    says: 'requestTimeout: 0, for people with slow uploads',
    kills: ['T-181'],
  },
  {
    name: 'repeats-what-it-could-not-parse',
    says: 'detail: error.message',
    kills: ['T-182'],
  },
  {
    name: 'reads-the-body-first',
    says: 'app.use(bodyParser) stands above app.use(authenticate)',
    kills: ['T-183'],
    also: ['T-123', 'T-181'],
  },
  {
    name: 'parses-every-body',
    says: 'JSON.parse(await request.text()) in a middleware for all methods',
    kills: ['T-184'],
    also: [
      'T-142',
      'T-116',
      'T-123',
      'T-183',
      'T-180',
      'T-172',
      'T-174',
      'T-175',
      'T-176',
      'T-182',
      'T-178',
      'T-179',
      'T-169',
      'T-170',
      'T-181',
    ],
  },
  {
    name: 'builds-sql-by-hand',
    says: "`insert into task (title) values ('${title}')`, and errors are passed on",
    kills: ['T-185'],
  },
  {
    name: 'search-takes-wildcards',
    says: '`title like %${q}%`',
    kills: ['T-187'],
    also: ['T-185'],
  },
  {
    name: 'sorts-by-any-column',
    says: '`order by ${sort}`',
    kills: ['T-188'],
  },
  {
    name: 'title-in-a-header',
    says: 'X-Task-Title, which is handy in the browser’s network panel',
    kills: ['T-189'],
    also: ['T-179', 'T-185'],
  },
  {
    name: 'fetches-previews',
    says: 'a link in a title is shown with its picture',
    kills: ['T-191'],
  },
  {
    name: 'titles-as-markup',
    says: 'element.innerHTML = task.title',
    kills: ['T-192'],
  },
  {
    name: 'exports-cells-as-they-are',
    says: 'the quotes are doubled, which is what CSV asks for',
    kills: ['T-193'],
  },
  {
    name: 'cursor-names-its-owner',
    says: 'the cursor holds the whole query, so that the next page cannot differ',
    kills: ['T-194'],
    also: ['T-195'],
  },
  {
    name: 'cursor-is-only-encoded',
    says: 'JSON.parse(atob(cursor)): only we write cursors',
    kills: ['T-195'],
    also: ['T-185', 'T-189'],
  },
  {
    name: 'limit-without-a-bound',
    says: 'who asks for more gets more',
    kills: ['T-196'],
    also: ['T-188'],
  },
  {
    name: 'filters-without-the-owner',
    says: 'where id = any($ids): the filter has a query of its own',
    kills: ['T-197'],
  },
  {
    name: 'parameters-reach-prototypes',
    says: 'a query parser that builds nested objects from a[b]=c',
    kills: ['T-198'],
    damages: true,
  },
  {
    name: 'merges-bodies-deeply',
    says: 'merge(defaults, body), copied from somewhere',
    kills: ['T-198'],
  },
  {
    name: 'pages-by-offset',
    says: 'limit and offset',
    kills: ['T-199'],
  },
  {
    name: 'total-over-all-users',
    says: 'X-Total-Count from count(*) over ()',
    kills: ['T-200'],
    also: ['T-159', 'T-143'],
  },
]
