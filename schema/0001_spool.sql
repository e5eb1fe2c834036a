-- The spool of platen, for the operator who opens it with sqlite3.
--
-- Look at the views first (they stand at the end of this file):
--
--     SELECT * FROM jobs;          everything that is not over yet
--     SELECT * FROM held_jobs;     what waits for a printer, and why
--     SELECT * FROM printers;      last state, paper and ink
--     SELECT * FROM history;       what became of the jobs that are over
--     SELECT * FROM part_ledger;   each part of each mail: chosen to be printed,
--                                  printed, skipped or failed
--     SELECT * FROM sender_pictures; pictures that may be somebody's logo
--
-- Only platend writes here. Open it read-only while it runs:
--
--     sqlite3 -readonly spool.db
--
-- Times are UTC seconds since 1970; the views show them readable.
-- Documents are never readable here: content and print data are encrypted,
-- each with a key of its own, which is dropped when the job is over.

-- A printer that was added by the administrator. What it said of itself when
-- it was last asked stands here, so that the spool can be read without it.
CREATE TABLE printer (
	id              INTEGER PRIMARY KEY,
	name            TEXT NOT NULL UNIQUE,
	uri             TEXT NOT NULL,
	pin             TEXT NOT NULL DEFAULT '',   -- public key seen first (ipps)
	token_hash      BLOB,                       -- SHA-256 of its announcement token
	make_and_model  TEXT NOT NULL DEFAULT '',
	format          TEXT NOT NULL DEFAULT '',   -- the format it is sent
	media_default   TEXT NOT NULL DEFAULT '',
	capabilities    TEXT NOT NULL DEFAULT '',   -- key=value lines, as it told them
	-- What it does, whatever it says: seen when it took jobs. Forgotten when
	-- it is another printer or has other firmware.
	learned         TEXT NOT NULL DEFAULT '',
	verdict         TEXT NOT NULL DEFAULT 'unknown'
		CHECK (verdict IN ('unknown', 'normal', 'busy', 'abnormal')),
	reason          TEXT NOT NULL DEFAULT '',   -- IPP keyword, or 'off'
	sentence        TEXT NOT NULL DEFAULT '',
	state           TEXT NOT NULL DEFAULT '',   -- idle, processing, stopped
	checked_at      INTEGER NOT NULL DEFAULT 0, -- last time it was asked
	changed_at      INTEGER NOT NULL DEFAULT 0, -- last time the verdict changed
	announced_at    INTEGER NOT NULL DEFAULT 0, -- last announcement of its own
	added_at        INTEGER NOT NULL,
	-- Who may act for this printer when several servers share it.
	epoch           INTEGER NOT NULL DEFAULT 1
) STRICT;

-- Paper, tray by tray. Levels in percent; -1 no limit known, -2 unknown,
-- -3 some.
CREATE TABLE printer_tray (
	printer_id INTEGER NOT NULL REFERENCES printer (id) ON DELETE CASCADE,
	position   INTEGER NOT NULL,
	name       TEXT NOT NULL,
	media      TEXT NOT NULL,
	type       TEXT NOT NULL,
	level      INTEGER NOT NULL,
	PRIMARY KEY (printer_id, position)
) STRICT, WITHOUT ROWID;

-- Ink and toner, colour by colour. Levels as above.
CREATE TABLE printer_supply (
	printer_id INTEGER NOT NULL REFERENCES printer (id) ON DELETE CASCADE,
	position   INTEGER NOT NULL,
	name       TEXT NOT NULL,
	colour     TEXT NOT NULL,
	type       TEXT NOT NULL,
	level      INTEGER NOT NULL,
	PRIMARY KEY (printer_id, position)
) STRICT, WITHOUT ROWID;

-- Who may print where, and how: the pair of sender and print address decides.
-- sender '*' is anybody, '*@example.org' anybody of that domain; an exact
-- sender wins. NULL retention or recovery wait: the server's setting.
CREATE TABLE registration (
	id              INTEGER PRIMARY KEY,
	printer_id      INTEGER NOT NULL REFERENCES printer (id),
	sender          TEXT NOT NULL,
	address         TEXT NOT NULL,              -- local part of the print address
	retention_s     INTEGER,
	recovery_wait_s INTEGER,
	what            TEXT NOT NULL DEFAULT 'auto'
		CHECK (what IN ('auto', 'body', 'attachments', 'all')),
	media           TEXT NOT NULL DEFAULT '',   -- PWG name; '' the printer's own
	colour          TEXT NOT NULL DEFAULT 'auto'
		CHECK (colour IN ('auto', 'colour', 'grey')),
	sides           TEXT NOT NULL DEFAULT 'one-sided'
		CHECK (sides IN ('one-sided', 'two-sided-long-edge',
		                 'two-sided-short-edge')),
	dpi             INTEGER NOT NULL DEFAULT 0, -- 0: chosen from the printer's list
	copies          INTEGER NOT NULL DEFAULT 1,
	tray            TEXT NOT NULL DEFAULT '',   -- IPP media-source; '' any
	pages           TEXT NOT NULL DEFAULT '',   -- 1-5,8; '' all
	number_up       INTEGER NOT NULL DEFAULT 1 CHECK (number_up IN (1, 2, 4)),
	scaling         TEXT NOT NULL DEFAULT 'auto'
		CHECK (scaling IN ('auto', 'fit', 'fill', 'none')),
	head            INTEGER NOT NULL DEFAULT 1, -- From, To, Date, Subject on top
	banner          INTEGER NOT NULL DEFAULT 0, -- a page in front names the job
	web             TEXT NOT NULL DEFAULT ''    -- what a link becomes
		CHECK (web IN ('', 'url', 'reader', 'screen')),
	-- More pages than page_limit (0: no limit of its own) are refused, cut
	-- to the first ones, or held until somebody releases the job.
	page_limit      INTEGER NOT NULL DEFAULT 0,
	over_limit      TEXT NOT NULL DEFAULT 'refuse'
		CHECK (over_limit IN ('refuse', 'first', 'ask')),
	-- As what a job waits for its printer; '': the server's setting.
	stored_form     TEXT NOT NULL DEFAULT ''
		CHECK (stored_form IN ('', 'auto', 'data', 'pages', 'mail')),
	-- What the printer gets; '': chosen from its own list. 'pdf-as-is' leaves
	-- a PDF untouched that is all there is to print.
	format          TEXT NOT NULL DEFAULT ''
		CHECK (format IN ('', 'urf', 'pwg', 'pclm', 'pdf', 'pdf-as-is',
		                  'pclxl', 'postscript', 'pcl', 'jpeg')),
	-- Whether HTML shows pictures that it left on the web.
	remote_pictures INTEGER NOT NULL DEFAULT 0,
	added_at        INTEGER NOT NULL,
	UNIQUE (sender, address)
) STRICT;
CREATE INDEX registration_by_address ON registration (address, sender);
CREATE INDEX registration_by_printer ON registration (printer_id);

-- A mail that was accepted. Small content is a row of message_content, larger
-- content the file named here, below the folder "messages"; both encrypted with
-- "key", which is itself wrapped with the server's master key and set to NULL
-- when the last job of the message is over.
CREATE TABLE message (
	id          INTEGER PRIMARY KEY,
	received_at INTEGER NOT NULL,
	size        INTEGER NOT NULL,
	file        TEXT,
	key         BLOB
) STRICT;

CREATE INDEX message_by_file ON message (file) WHERE file IS NOT NULL;

CREATE TABLE message_content (
	message_id INTEGER PRIMARY KEY REFERENCES message (id) ON DELETE CASCADE,
	data       BLOB NOT NULL
) STRICT;

-- Fingerprints of what was accepted, so that a peer that asks again after an
-- unclear answer does not print twice. Only hashes, kept for seven days. They
-- do not count where the job is over and nothing of it was printed: who sends
-- it again means it.
CREATE TABLE dedupe (
	fingerprint BLOB PRIMARY KEY,
	job_id      INTEGER NOT NULL,
	expires_at  INTEGER NOT NULL
) STRICT, WITHOUT ROWID;
CREATE INDEX dedupe_by_expiry ON dedupe (expires_at);

-- Pictures that senders attach, so that a logo which comes with every mail is
-- told from a photo which comes once: one row for each of the last mails with
-- the picture, known by the hash of its text. Only hashes; forgotten after half
-- a year.
CREATE TABLE sender_picture (
	sender  TEXT NOT NULL,
	hash    TEXT NOT NULL, -- SHA-256 of the picture
	body    TEXT NOT NULL, -- SHA-256 of the text beside it
	seen_at INTEGER NOT NULL,
	PRIMARY KEY (sender, hash, body)
) STRICT, WITHOUT ROWID;
CREATE INDEX sender_picture_by_time ON sender_picture (seen_at);

-- The states of a job, in plain words.
CREATE TABLE job_state (
	name     TEXT PRIMARY KEY,
	is_final INTEGER NOT NULL,
	meaning  TEXT NOT NULL
) STRICT, WITHOUT ROWID;

INSERT INTO job_state (name, is_final, meaning) VALUES
	('ACCEPTED',  0, 'the mail is stored; its pages are not made yet'),
	('RENDERING', 0, 'pages are being made'),
	('READY',     0, 'pages are made; next in turn at the printer'),
	('HELD',      0, 'waits for its printer, or for a release'),
	('SENDING',   0, 'is being sent to the printer'),
	('RESOLVE',   0, 'the connection broke; the printer is asked what it has'),
	('UNKNOWN',   0, 'may have been printed; waits for a decision'),
	('PRINTED',   1, 'printed'),
	('FAILED',    1, 'cannot be printed'),
	('EXPIRED',   1, 'waited longer than its time limit and was destroyed'),
	('CANCELLED', 1, 'cancelled');

-- One mail for one recipient: what comes out of one printer.
CREATE TABLE job (
	id              INTEGER PRIMARY KEY,
	message_id      INTEGER NOT NULL REFERENCES message (id),
	registration_id INTEGER,
	printer_id      INTEGER NOT NULL,
	printer_name    TEXT NOT NULL,
	sender          TEXT NOT NULL,
	address         TEXT NOT NULL,
	suffix          TEXT NOT NULL DEFAULT '',   -- behind '+' of the address
	subject         TEXT,                       -- NULL again when its time is over
	state           TEXT NOT NULL REFERENCES job_state (name),
	reason          TEXT NOT NULL DEFAULT '',   -- a sentence for the sender
	remarks         TEXT NOT NULL DEFAULT '',   -- more of them, one a line
	options         TEXT NOT NULL DEFAULT '',   -- how it is printed, key=value
	approval        TEXT NOT NULL DEFAULT ''    -- of its number of pages
		CHECK (approval IN ('', 'asked', 'given')),
	waits_as        TEXT NOT NULL DEFAULT ''    -- not as print data, but so
		CHECK (waits_as IN ('', 'pages', 'mail')),
	media           TEXT NOT NULL,
	is_colour       INTEGER NOT NULL,
	tray            TEXT NOT NULL DEFAULT '',   -- IPP media-source; '' any
	received_at     INTEGER NOT NULL,
	state_at        INTEGER NOT NULL,           -- when the state last changed
	tried_at        INTEGER NOT NULL DEFAULT 0, -- last try at the printer
	recovery_wait_s INTEGER NOT NULL,
	expires_at      INTEGER NOT NULL,
	ended_at        INTEGER,
	is_erased       INTEGER NOT NULL DEFAULT 0, -- private words are gone
	renders         INTEGER NOT NULL DEFAULT 0, -- how often rendering was begun
	pages           INTEGER NOT NULL DEFAULT 0,
	print_format    TEXT NOT NULL DEFAULT '',   -- '' as long as there are no pages
	print_target    TEXT NOT NULL DEFAULT '',   -- its resolution, paper, edges ...
	print_file      TEXT,                       -- below the folder "pages"
	print_bytes     INTEGER NOT NULL DEFAULT 0,
	print_key       BLOB,
	-- Its pages as one PDF, from which print data are made when the printer
	-- is ready; laid out for paper with these margins, in 1/100 mm.
	pages_file      TEXT,                       -- below the folder "pages"
	pages_bytes     INTEGER NOT NULL DEFAULT 0,
	pages_key       BLOB,
	pages_margins   TEXT NOT NULL DEFAULT '',   -- left,right,top,bottom
	-- Where it goes to the printer as several documents (a picture for each
	-- page, sets of copies that the printer does not make): those printed.
	documents_done  INTEGER NOT NULL DEFAULT 0,
	only_pages      TEXT NOT NULL DEFAULT '',   -- 3-5,8: chosen with a retry; '' all
	impressions     INTEGER NOT NULL DEFAULT -1, -- as the printer counted; -1 unknown
	confirmed       TEXT NOT NULL DEFAULT '',   -- completed, delivered-only
	is_reprint      INTEGER NOT NULL DEFAULT 0
) STRICT;
-- All that the dispatcher asks of waiting jobs, without touching the table.
CREATE INDEX job_waiting
	ON job (printer_id, state, id, media, is_colour, tray, recovery_wait_s,
	        approval, waits_as)
	WHERE ended_at IS NULL;
CREATE INDEX job_rendered ON job (printer_id)
	WHERE ended_at IS NULL AND (print_format <> '' OR pages_file IS NOT NULL);
CREATE INDEX job_by_print_file ON job (print_file)
	WHERE print_file IS NOT NULL;
CREATE INDEX job_by_pages_file ON job (pages_file)
	WHERE pages_file IS NOT NULL;
CREATE INDEX job_by_expiry ON job (expires_at) WHERE is_erased = 0;
CREATE INDEX job_live_by_message ON job (message_id) WHERE ended_at IS NULL;
CREATE INDEX job_in_hand ON job (state)
	WHERE state IN ('RENDERING', 'SENDING', 'RESOLVE');
CREATE INDEX job_by_registration ON job (registration_id)
	WHERE ended_at IS NULL;

-- Where each page ends in the print data of a job.
CREATE TABLE job_page (
	job_id     INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
	page       INTEGER NOT NULL,
	end_offset INTEGER NOT NULL,
	PRIMARY KEY (job_id, page)
) STRICT, WITHOUT ROWID;

-- Every part of a job's mail, and what happened to it: 'printed' is what was
-- chosen, and is on paper as soon as its job is PRINTED (see part_ledger).
CREATE TABLE part (
	job_id      INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
	position    INTEGER NOT NULL,
	part        TEXT NOT NULL,                  -- 1, 1.2, ...
	type        TEXT NOT NULL,                  -- by content
	size        INTEGER NOT NULL,
	name        TEXT,                           -- NULL again when the job's time is over
	fate        TEXT NOT NULL
		CHECK (fate IN ('printed', 'skipped', 'failed')),
	why         TEXT NOT NULL DEFAULT '',
	PRIMARY KEY (job_id, position)
) STRICT, WITHOUT ROWID;

-- Every try to hand a job to its printer. The row is written before the printer
-- hears of it, the printer's job number before the first byte of the document.
CREATE TABLE attempt (
	id             INTEGER PRIMARY KEY,
	job_id         INTEGER NOT NULL REFERENCES job (id) ON DELETE CASCADE,
	printer_id     INTEGER NOT NULL,
	epoch          INTEGER NOT NULL,
	tag            TEXT NOT NULL UNIQUE,        -- stands in the printer's job-name
	step           TEXT NOT NULL
		CHECK (step IN ('intent', 'created', 'delivered', 'over')),
	printer_job_id INTEGER NOT NULL DEFAULT 0,
	-- What it sends: documents first to last of n.
	first_document INTEGER NOT NULL DEFAULT 1,
	last_document  INTEGER NOT NULL DEFAULT 1,
	n_documents    INTEGER NOT NULL DEFAULT 1,
	started_at     INTEGER NOT NULL,
	ended_at       INTEGER,
	outcome        TEXT NOT NULL DEFAULT '',
	-- 1: it is certain that nothing of it came out of the printer.
	is_blank       INTEGER NOT NULL DEFAULT 0
) STRICT;
CREATE INDEX attempt_by_job ON attempt (job_id);

CREATE VIEW jobs AS
SELECT j.id AS job, j.state, s.meaning, j.printer_name AS printer, j.sender,
       j.address, j.subject, j.options, j.pages, j.reason, j.remarks,
       datetime(j.received_at, 'unixepoch') AS received,
       datetime(j.state_at, 'unixepoch') AS since,
       datetime(j.expires_at, 'unixepoch') AS destroyed_at
FROM job j JOIN job_state s ON s.name = j.state
WHERE j.ended_at IS NULL
ORDER BY j.id;

CREATE VIEW held_jobs AS
SELECT j.id AS job, j.printer_name AS printer, j.sender, j.subject, j.reason,
       iif(j.approval = 'asked', 'release', 'printer') AS waits_for,
       CASE WHEN j.print_format <> '' THEN 'print data'
           WHEN j.pages_file IS NOT NULL THEN 'pages' ELSE 'mail' END
           AS stored_as,
       datetime(j.received_at, 'unixepoch') AS received,
       CASE j.tried_at WHEN 0 THEN 'not yet'
           ELSE datetime(j.tried_at, 'unixepoch') END AS last_try,
       datetime(j.expires_at, 'unixepoch') AS destroyed_at
FROM job j
WHERE j.ended_at IS NULL AND j.state IN ('HELD', 'UNKNOWN')
ORDER BY j.id;

CREATE VIEW printers AS
SELECT p.name AS printer, p.verdict, p.sentence AS trouble, p.state,
       (SELECT group_concat(t.name || ' ' || t.media || ' ' ||
               CASE t.level WHEN -1 THEN 'not limited' WHEN -2 THEN 'unknown'
                   WHEN -3 THEN 'some' ELSE t.level || '%' END, ', ')
        FROM printer_tray t WHERE t.printer_id = p.id) AS paper,
       (SELECT group_concat(s.name || ' ' ||
               CASE s.level WHEN -1 THEN 'not limited' WHEN -2 THEN 'unknown'
                   WHEN -3 THEN 'some' ELSE s.level || '%' END, ', ')
        FROM printer_supply s WHERE s.printer_id = p.id) AS ink,
       (SELECT count(*) FROM job j WHERE j.printer_id = p.id
            AND j.ended_at IS NULL) AS waiting,
       CASE p.checked_at WHEN 0 THEN 'never'
           ELSE datetime(p.checked_at, 'unixepoch') END AS asked,
       p.make_and_model AS model, p.learned, p.uri
FROM printer p
ORDER BY p.name;

CREATE VIEW history AS
SELECT j.id AS job, j.state AS outcome, j.printer_name AS printer, j.sender,
       j.subject, j.options, j.pages, j.only_pages,
       iif(j.impressions < 0, NULL, j.impressions) AS impressions,
       j.confirmed, j.reason, j.remarks,
       datetime(j.received_at, 'unixepoch') AS received,
       datetime(j.ended_at, 'unixepoch') AS ended
FROM job j
WHERE j.ended_at IS NOT NULL
ORDER BY j.id;

CREATE VIEW sender_pictures AS
SELECT sender, hash, count(*) AS mails,
       datetime(min(seen_at), 'unixepoch') AS first_seen,
       datetime(max(seen_at), 'unixepoch') AS last_seen
FROM sender_picture
GROUP BY sender, hash
ORDER BY sender, hash;

CREATE VIEW part_ledger AS
SELECT p.job_id AS job, p.part, p.type, p.name, p.size,
       iif(p.fate = 'printed' AND j.state <> 'PRINTED', 'chosen', p.fate)
           AS fate,
       p.why
FROM part p JOIN job j ON j.id = p.job_id
ORDER BY p.job_id, p.position;
