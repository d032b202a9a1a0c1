-- Text and bigint columns only, so that one text serves SQLite and PostgreSQL. Times are seconds
-- since 1970 in UTC. Of clients' people there are keys, codes and sealed bytes here, no more.

CREATE TABLE installation (
    id            TEXT   NOT NULL PRIMARY KEY,
    psa_site      TEXT   NOT NULL,
    login_company TEXT   NOT NULL,
    -- Sealed: the API member's keys.
    credentials   TEXT   NOT NULL,
    -- The right in the PSA that opens the administrator's pages.
    administrators TEXT  NOT NULL,
    -- Sealed: the rules of all its companies. Empty for none.
    rules         TEXT   NOT NULL,
    -- The service board that tickets are opened on.
    board         BIGINT,
    created_at    BIGINT NOT NULL
);

-- The PSA reads a login company without regard to case.
CREATE UNIQUE INDEX installation_of_psa ON installation (psa_site, LOWER(login_company));

-- What joining made in the PSA, so that leaving takes away exactly that.
CREATE TABLE installed (
    installation TEXT   NOT NULL,
    piece        TEXT   NOT NULL,
    psa_id       BIGINT NOT NULL,
    PRIMARY KEY (installation, piece)
);

-- Links for joining, by a keyed hash of their code.
CREATE TABLE invitation (
    code_hash    TEXT   NOT NULL PRIMARY KEY,
    -- Empty: for a PSA that has not joined yet.
    installation TEXT   NOT NULL,
    expires_at   BIGINT NOT NULL
);

CREATE TABLE company (
    installation TEXT   NOT NULL,
    id           BIGINT NOT NULL,
    -- The settings note that was accepted last.
    note         BIGINT NOT NULL,
    generation   BIGINT NOT NULL,
    note_hash    TEXT   NOT NULL,
    -- A keyed hash of the server that it names.
    source       TEXT   NOT NULL,
    -- A keyed hash of what decides who is in sight, as it was when a person last reviewed a run.
    reviewed     TEXT,
    -- When it is due, as its settings say it; empty: not by itself.
    schedule     TEXT   NOT NULL,
    time_zone    TEXT   NOT NULL,
    next_slot    BIGINT,
    -- When standing decisions were last copied into notes, and a hash of them.
    mirrored_at  BIGINT NOT NULL DEFAULT 0,
    mirrored     TEXT   NOT NULL DEFAULT '',
    -- The ticket in the PSA that says what needs a person, and what it is found by.
    ticket       BIGINT,
    ticket_reference TEXT,
    PRIMARY KEY (installation, id)
);

CREATE INDEX company_due ON company (next_slot);

CREATE TABLE link (
    installation      TEXT   NOT NULL,
    company           BIGINT NOT NULL,
    account           TEXT   NOT NULL,
    contact           BIGINT NOT NULL,
    deactivated_by_us BIGINT NOT NULL,
    -- When a complete read of the directory first lacked the account; empty while it is there.
    missing_since     BIGINT,
    PRIMARY KEY (installation, company, account),
    UNIQUE (installation, contact)
);

CREATE INDEX link_of_account ON link (installation, account);

CREATE TABLE decision (
    installation TEXT   NOT NULL,
    company      BIGINT NOT NULL,
    -- a:{objectGUID} or c:{contact id}
    subject      TEXT   NOT NULL,
    decision     TEXT   NOT NULL,
    contact      BIGINT,
    -- A digest of the account that is left as it was; empty for every other decision.
    state        TEXT,
    member       BIGINT NOT NULL,
    decided_at   BIGINT NOT NULL,
    PRIMARY KEY (installation, company, subject)
);

CREATE TABLE lease (
    installation TEXT   NOT NULL,
    company      BIGINT NOT NULL,
    holder       TEXT   NOT NULL,
    term         BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    PRIMARY KEY (installation, company)
);

-- One pass over one company.
CREATE TABLE run (
    id           TEXT   NOT NULL PRIMARY KEY,
    installation TEXT   NOT NULL,
    company      BIGINT NOT NULL,
    -- review, schedule, undo
    kind         TEXT   NOT NULL,
    -- When the schedule wanted it.
    slot         BIGINT,
    -- The run that it takes back.
    undoes       TEXT,
    member_id    BIGINT NOT NULL,
    -- The member's login name in the PSA; empty for a scheduled run.
    member       TEXT   NOT NULL,
    -- queued, reading, applying; done, questions, held, waiting, failed
    state        TEXT   NOT NULL,
    queued_at    BIGINT NOT NULL,
    -- Until then it is left to the replica that took the request.
    due_at       BIGINT NOT NULL,
    started_at   BIGINT,
    ended_at     BIGINT,
    -- How often it was begun.
    attempts     BIGINT NOT NULL,
    -- JSON: how far it is.
    progress     TEXT   NOT NULL,
    -- JSON: how many rows ended how.
    counts       TEXT   NOT NULL,
    -- Why it failed: a code.
    problem      TEXT
);

CREATE INDEX run_by_company ON run (installation, company, queued_at);

CREATE UNIQUE INDEX run_of_slot ON run (installation, company, slot);

CREATE INDEX run_by_state ON run (state, due_at);

-- The rows that a run is to write: what was approved, or of an undo what is taken back.
CREATE TABLE approval (
    run         TEXT NOT NULL,
    account     TEXT NOT NULL,
    contact     TEXT NOT NULL,
    kind        TEXT NOT NULL,
    fingerprint TEXT NOT NULL,
    outcome     TEXT,
    PRIMARY KEY (run, account, contact)
);

CREATE TABLE intent (
    id           TEXT   NOT NULL PRIMARY KEY,
    run          TEXT   NOT NULL,
    installation TEXT   NOT NULL,
    company      BIGINT NOT NULL,
    kind         TEXT   NOT NULL,
    account      TEXT,
    contact      BIGINT,
    -- Sealed: what is to be written. Gone once the intent was rejected, or can be undone no more.
    body         TEXT,
    -- open, unknown, applied, rejected
    state        TEXT   NOT NULL,
    created_at   BIGINT NOT NULL,
    -- When it became clear that the answer would not come.
    unknown_at   BIGINT,
    -- The run that took it back.
    undone_by    TEXT
);

CREATE INDEX intent_unsettled ON intent (installation, company, state);

CREATE INDEX intent_of_run ON intent (run);

-- Rows that the PSA refused in runs by the schedule, and how often: a row is set aside when it will not do.
CREATE TABLE setback (
    installation TEXT   NOT NULL,
    company      BIGINT NOT NULL,
    account      TEXT   NOT NULL,
    contact      TEXT   NOT NULL,
    -- Of the row that was refused: another one is tried anew.
    fingerprint  TEXT   NOT NULL,
    times        BIGINT NOT NULL,
    PRIMARY KEY (installation, company, account, contact)
);

CREATE TABLE audit (
    installation TEXT   NOT NULL,
    company      BIGINT NOT NULL,
    sequence     BIGINT NOT NULL,
    run          TEXT   NOT NULL,
    at           BIGINT NOT NULL,
    member       TEXT   NOT NULL,
    kind         TEXT   NOT NULL,
    account      TEXT,
    contact      BIGINT,
    -- Names of the fields written, separated by commas.
    fields       TEXT   NOT NULL,
    outcome      TEXT   NOT NULL,
    -- Each row carries the hash of the one before it: a row taken out or changed shows.
    previous     TEXT   NOT NULL,
    hash         TEXT   NOT NULL,
    PRIMARY KEY (installation, company, sequence)
);

CREATE TABLE used_token (
    id         TEXT   NOT NULL PRIMARY KEY,
    expires_at BIGINT NOT NULL
);

-- Processes at work on this store: they share the pace at which a PSA is asked.
CREATE TABLE replica (
    id      TEXT   NOT NULL PRIMARY KEY,
    seen_at BIGINT NOT NULL
);
