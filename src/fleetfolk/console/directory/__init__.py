"""The rows of a large table: searched, filtered, sorted and paged by key, within milliseconds at 1,000,000 of them.

PostgreSQL's planner cannot know whether `WHERE rare ORDER BY name LIMIT 26` is better answered along the sort's index
or through the word index: it guesses from averages, and a wrong guess costs a second. So the choice is made here, while
the query runs, by looking at the first rows:

1. Walk. Follow the sort's b-tree from the cursor over at most WALK rows and keep those that match. Frequent words, weak
   filters, small tenants and "no query" end here. If what was found promises the rest soon, walk on once (WALK_ON).
   Where a branch or place has FEW, a walk would pass by everybody else: they are gathered at once.
   Along an order whose index itself holds what a search looks at, a walk goes COVERED times as far.
2. Sample. Otherwise matches are rare here. Are they rare everywhere? SAMPLE rows in an order that names and places
   have nothing to do with tell; a list in that order has been its own sample. Where many match, the second of the
   sampled matches in the list's order is its edge: each stands for hundreds that were not sampled, so a page lies
   before it almost surely, if it has no more rows than PAGE. How many sampled rows lie before it tells how far it is.
   Of DENSE matches gathering would be the dearest way if their edge is near ("user", sorted by role: admins and staff
   come first, then 94 of 100 match): the walk goes on to the end.
3. Gather. Collect all matches through the GIN index on (reach, search_text) or a filter's index and sort the few.
   `OFFSET 0` keeps the planner from drifting back to the sort's index. Up to the edge they are gathered first, two
   bitmaps (word, range) leaving few rows to visit; the others only if that was no page. Where a single word may be what
   the list is sorted by ("maria" by name), a glance at that place of the list may yield a full page, which need not be
   the first one, but bounds it.
   Of several words those that are COMMON in the sample ("user", "gmail") are kept from the index: much for little.

Costs, measured warm on a slow two-core machine: 1.3 µs a walked row (0.5 µs where the index itself has all), about 2 µs
a gathered one (cache misses both: fewer and narrower rows are what counts), 0.2 to 0.8 µs a candidate inside the GIN
index, 0.06 µs an entry of a range. Where matches do not depend on the order, the dearest case is a word with
sqrt(26 x people) matches, 3,200 of 400,000.

Words: every word typed must be found. Three letters or more match anywhere, one or two the beginning of a word, because
a trigram index knows nothing shorter. What was typed without a space stays together ("o'neil", 美咲); of a number only
the digits count; with an @ inside it is the beginning of an e-mail address, where the table has such and any begins so.
`fold()` in the database is the one definition of equal letters.

Tags: a word is also found in the names of the tags that a row carries. Which tags of the tenant have it is asked first,
of a small table. Where none has, nothing else is different. Where some have, a walk looks at the links of each row that
has not got the word itself; and a gathering goes two ways, which find no row twice: by the words, and from the links of
those tags.

What a table hides (deactivated people, say) is in no list, and no word finds it, unless the listing asks for it. Rows
are told apart where they are read anyway. Numbers that come from an index alone still do: all are counted there, less
the hidden ones, which have a small index of their own.

No text from a person enters SQL: columns and conditions come from declarations in code, all else is a parameter.

Walks and samples have one best plan, whatever is looked for: they are planned once for each connection. What is
gathered is planned each time, by the very words.

The connection must be told that the data is in memory (seq_page_cost = random_page_cost = 0.15; jit = off;
max_parallel_workers_per_gather = 0), or the planner joins a bitmap of a whole tenant to save a few cheap row visits.
"""
