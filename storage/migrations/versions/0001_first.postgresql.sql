CREATE TABLE calendar_days (
    id TEXT NOT NULL,
    calendar TEXT DEFAULT '' NOT NULL,
    day DATE NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    made_by TEXT DEFAULT '' NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_calendar_days PRIMARY KEY (id)
);

CREATE INDEX ix_calendar_days_day ON calendar_days (calendar, day, made_at);

CREATE TABLE contents (
    digest TEXT NOT NULL,
    content BYTEA NOT NULL,
    CONSTRAINT pk_contents PRIMARY KEY (digest)
);

CREATE TABLE dossiers (
    id TEXT NOT NULL,
    number TEXT NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    title TEXT DEFAULT '' NOT NULL,
    org TEXT DEFAULT '' NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    linked TEXT DEFAULT '' NOT NULL,
    party_names TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_dossiers PRIMARY KEY (id),
    CONSTRAINT uq_dossiers_number UNIQUE (number)
);

CREATE INDEX ix_dossiers_org_opened_at ON dossiers (org, opened_at);

CREATE TABLE facts (
    digest TEXT NOT NULL,
    content TEXT DEFAULT '{}' NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    current_since TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_facts PRIMARY KEY (digest)
);

CREATE TABLE journal (
    stream TEXT NOT NULL,
    seq INTEGER NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    verb TEXT DEFAULT '' NOT NULL,
    actor TEXT DEFAULT '' NOT NULL,
    on_behalf TEXT DEFAULT '' NOT NULL,
    role TEXT DEFAULT '' NOT NULL,
    received_at TIMESTAMP WITH TIME ZONE NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    element TEXT DEFAULT '' NOT NULL,
    place TEXT NOT NULL,
    step INTEGER DEFAULT '0' NOT NULL,
    release TEXT DEFAULT '' NOT NULL,
    facts TEXT DEFAULT '' NOT NULL,
    payload TEXT DEFAULT '' NOT NULL,
    state TEXT DEFAULT '' NOT NULL,
    previous TEXT DEFAULT '' NOT NULL,
    leaf TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_journal PRIMARY KEY (stream, seq)
);

CREATE TABLE messages (
    id TEXT NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    key TEXT DEFAULT '' NOT NULL,
    payload TEXT DEFAULT '{}' NOT NULL,
    sender TEXT DEFAULT '' NOT NULL,
    dossier TEXT DEFAULT '' NOT NULL,
    sent_at TIMESTAMP WITH TIME ZONE NOT NULL,
    expires_at TIMESTAMP WITH TIME ZONE NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE,
    attempts INTEGER DEFAULT '0' NOT NULL,
    lease TEXT DEFAULT '' NOT NULL,
    leased_until TIMESTAMP WITH TIME ZONE,
    failure TEXT DEFAULT '{}' NOT NULL,
    consumed_at TIMESTAMP WITH TIME ZONE,
    handed_at TIMESTAMP WITH TIME ZONE,
    closed_at TIMESTAMP WITH TIME ZONE,
    closed_by TEXT DEFAULT '' NOT NULL,
    close_reason TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_messages PRIMARY KEY (id)
);

CREATE INDEX ix_messages_due_at ON messages (due_at) WHERE due_at IS NOT NULL;

CREATE INDEX ix_messages_handed_at ON messages (handed_at) WHERE handed_at IS NOT NULL AND closed_at IS NULL AND consumed_at IS NULL;

CREATE INDEX ix_messages_name_key ON messages (name, key);

CREATE TABLE organisations (
    id TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    parent TEXT DEFAULT '' NOT NULL,
    area TEXT DEFAULT '' NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    detail TEXT DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_organisations PRIMARY KEY (id)
);

CREATE INDEX ix_organisations_area ON organisations (area);

CREATE INDEX ix_organisations_parent ON organisations (parent);

CREATE TABLE people (
    id TEXT NOT NULL,
    login TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    lang TEXT DEFAULT '' NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT pk_people PRIMARY KEY (id),
    CONSTRAINT uq_people_login UNIQUE (login)
);

CREATE INDEX ix_people_name ON people (name);

CREATE TABLE releases (
    digest TEXT NOT NULL,
    procedure TEXT DEFAULT '' NOT NULL,
    version INTEGER NOT NULL,
    author TEXT DEFAULT '' NOT NULL,
    approver TEXT DEFAULT '' NOT NULL,
    published_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_releases PRIMARY KEY (digest),
    CONSTRAINT uq_releases_procedure_version UNIQUE (procedure, version)
);

CREATE TABLE series (
    id TEXT NOT NULL,
    last INTEGER NOT NULL,
    CONSTRAINT pk_series PRIMARY KEY (id)
);

CREATE TABLE settings (
    id TEXT NOT NULL,
    setting TEXT DEFAULT '' NOT NULL,
    layer TEXT DEFAULT '' NOT NULL,
    value TEXT DEFAULT 'null' NOT NULL,
    valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
    valid_until TIMESTAMP WITH TIME ZONE,
    made_by TEXT DEFAULT '' NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_settings PRIMARY KEY (id)
);

CREATE INDEX ix_settings_setting ON settings (setting, layer, valid_from);

CREATE TABLE workers (
    worker TEXT NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    done INTEGER DEFAULT '0' NOT NULL,
    failed INTEGER DEFAULT '0' NOT NULL,
    late_ms INTEGER DEFAULT '0' NOT NULL,
    latest_ms INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_workers PRIMARY KEY (worker)
);

CREATE TABLE attachments (
    dossier TEXT NOT NULL,
    digest TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    type TEXT DEFAULT '' NOT NULL,
    size BIGINT NOT NULL,
    added_by TEXT DEFAULT '' NOT NULL,
    added_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_attachments PRIMARY KEY (dossier, digest),
    CONSTRAINT fk_attachments_dossier FOREIGN KEY(dossier) REFERENCES dossiers (id)
);

CREATE TABLE cases (
    id TEXT NOT NULL,
    dossier TEXT NOT NULL,
    procedure TEXT DEFAULT '' NOT NULL,
    release TEXT DEFAULT '' NOT NULL,
    facts TEXT DEFAULT '' NOT NULL,
    org TEXT DEFAULT '' NOT NULL,
    started_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seq INTEGER NOT NULL,
    leaf TEXT DEFAULT '' NOT NULL,
    at TIMESTAMP WITH TIME ZONE NOT NULL,
    status TEXT DEFAULT '' NOT NULL,
    step INTEGER DEFAULT '0' NOT NULL,
    open TEXT DEFAULT '{}' NOT NULL,
    clocks TEXT DEFAULT '[]' NOT NULL,
    state BYTEA NOT NULL,
    CONSTRAINT pk_cases PRIMARY KEY (id),
    CONSTRAINT fk_cases_dossier FOREIGN KEY(dossier) REFERENCES dossiers (id)
);

CREATE INDEX ix_cases_dossier ON cases (dossier);

CREATE INDEX ix_cases_org_status ON cases (org, status, started_at);

CREATE TABLE credentials (
    person TEXT NOT NULL,
    hash TEXT DEFAULT '' NOT NULL,
    must_change BOOLEAN DEFAULT false NOT NULL,
    failures INTEGER DEFAULT '0' NOT NULL,
    locked_until TIMESTAMP WITH TIME ZONE,
    changed_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_credentials PRIMARY KEY (person),
    CONSTRAINT fk_credentials_person FOREIGN KEY(person) REFERENCES people (id)
);

CREATE TABLE documents (
    id TEXT NOT NULL,
    dossier TEXT NOT NULL,
    case_id TEXT DEFAULT '' NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    number TEXT DEFAULT '' NOT NULL,
    digest TEXT DEFAULT '' NOT NULL,
    data TEXT DEFAULT '{}' NOT NULL,
    made_at TIMESTAMP WITH TIME ZONE NOT NULL,
    CONSTRAINT pk_documents PRIMARY KEY (id),
    CONSTRAINT fk_documents_dossier FOREIGN KEY(dossier) REFERENCES dossiers (id)
);

CREATE INDEX ix_documents_dossier ON documents (dossier);

CREATE INDEX ix_documents_number ON documents (number);

CREATE TABLE duty_posts (
    id TEXT NOT NULL,
    org TEXT NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    active BOOLEAN DEFAULT true NOT NULL,
    CONSTRAINT pk_duty_posts PRIMARY KEY (id),
    CONSTRAINT fk_duty_posts_org FOREIGN KEY(org) REFERENCES organisations (id)
);

CREATE TABLE grants (
    id TEXT NOT NULL,
    person TEXT NOT NULL,
    role TEXT DEFAULT '' NOT NULL,
    org TEXT NOT NULL,
    post TEXT DEFAULT '' NOT NULL,
    valid_from TIMESTAMP WITH TIME ZONE NOT NULL,
    valid_until TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_grants PRIMARY KEY (id),
    CONSTRAINT fk_grants_person FOREIGN KEY(person) REFERENCES people (id),
    CONSTRAINT fk_grants_org FOREIGN KEY(org) REFERENCES organisations (id)
);

CREATE INDEX ix_grants_org_role ON grants (org, role);

CREATE INDEX ix_grants_person ON grants (person);

CREATE TABLE numbers (
    series TEXT NOT NULL,
    key TEXT NOT NULL,
    number INTEGER NOT NULL,
    CONSTRAINT pk_numbers PRIMARY KEY (series, key),
    CONSTRAINT uq_numbers_series_number UNIQUE (series, number),
    CONSTRAINT fk_numbers_series FOREIGN KEY(series) REFERENCES series (id)
);

CREATE TABLE parties (
    id TEXT NOT NULL,
    dossier TEXT NOT NULL,
    side TEXT DEFAULT '' NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    detail TEXT DEFAULT '{}' NOT NULL,
    position INTEGER DEFAULT '0' NOT NULL,
    CONSTRAINT pk_parties PRIMARY KEY (id),
    CONSTRAINT fk_parties_dossier FOREIGN KEY(dossier) REFERENCES dossiers (id)
);

CREATE INDEX ix_parties_dossier ON parties (dossier);

CREATE INDEX ix_parties_name ON parties (name);

CREATE TABLE payload (
    stream TEXT NOT NULL,
    seq INTEGER NOT NULL,
    salt TEXT DEFAULT '' NOT NULL,
    data TEXT NOT NULL,
    reason TEXT DEFAULT '' NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    certificate TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_payload PRIMARY KEY (stream, seq),
    CONSTRAINT fk_payload_stream_seq FOREIGN KEY(stream, seq) REFERENCES journal (stream, seq)
);

CREATE TABLE release_files (
    release TEXT NOT NULL,
    name TEXT NOT NULL,
    digest TEXT NOT NULL,
    CONSTRAINT pk_release_files PRIMARY KEY (release, name),
    CONSTRAINT fk_release_files_release FOREIGN KEY(release) REFERENCES releases (digest),
    CONSTRAINT fk_release_files_digest FOREIGN KEY(digest) REFERENCES contents (digest)
);

CREATE TABLE sessions (
    id_hash TEXT NOT NULL,
    person TEXT NOT NULL,
    created_at TIMESTAMP WITH TIME ZONE NOT NULL,
    seen_at TIMESTAMP WITH TIME ZONE NOT NULL,
    idle_until TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    csrf TEXT DEFAULT '' NOT NULL,
    address TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_sessions PRIMARY KEY (id_hash),
    CONSTRAINT fk_sessions_person FOREIGN KEY(person) REFERENCES people (id)
);

CREATE INDEX ix_sessions_ends_at ON sessions (ends_at);

CREATE INDEX ix_sessions_person ON sessions (person);

CREATE TABLE incidents (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    code TEXT DEFAULT '' NOT NULL,
    place TEXT,
    params TEXT DEFAULT '{}' NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    input TEXT,
    actor TEXT DEFAULT '' NOT NULL,
    attempts INTEGER DEFAULT '0' NOT NULL,
    closed_at TIMESTAMP WITH TIME ZONE,
    CONSTRAINT pk_incidents PRIMARY KEY (id),
    CONSTRAINT fk_incidents_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE INDEX ix_incidents_case_id ON incidents (case_id);

CREATE INDEX ix_incidents_opened_at ON incidents (opened_at);

CREATE TABLE receipts (
    message TEXT NOT NULL,
    case_id TEXT NOT NULL,
    CONSTRAINT pk_receipts PRIMARY KEY (message, case_id),
    CONSTRAINT fk_receipts_message FOREIGN KEY(message) REFERENCES messages (id),
    CONSTRAINT fk_receipts_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE TABLE shifts (
    id TEXT NOT NULL,
    post TEXT NOT NULL,
    person TEXT NOT NULL,
    starts_at TIMESTAMP WITH TIME ZONE NOT NULL,
    ends_at TIMESTAMP WITH TIME ZONE NOT NULL,
    handover TEXT DEFAULT '' NOT NULL,
    CONSTRAINT pk_shifts PRIMARY KEY (id),
    CONSTRAINT fk_shifts_post FOREIGN KEY(post) REFERENCES duty_posts (id),
    CONSTRAINT fk_shifts_person FOREIGN KEY(person) REFERENCES people (id)
);

CREATE INDEX ix_shifts_person ON shifts (person, starts_at);

CREATE INDEX ix_shifts_post ON shifts (post, starts_at);

CREATE TABLE tasks (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    dossier TEXT NOT NULL,
    procedure TEXT DEFAULT '' NOT NULL,
    element TEXT DEFAULT '' NOT NULL,
    role TEXT DEFAULT '' NOT NULL,
    org TEXT DEFAULT '' NOT NULL,
    person TEXT DEFAULT '' NOT NULL,
    place TEXT DEFAULT '{}' NOT NULL,
    local TEXT DEFAULT '{}' NOT NULL,
    opened_at TIMESTAMP WITH TIME ZONE NOT NULL,
    holder TEXT DEFAULT '' NOT NULL,
    held_at TIMESTAMP WITH TIME ZONE,
    due_at TIMESTAMP WITH TIME ZONE,
    due_rule TEXT DEFAULT '' NOT NULL,
    sort_at TIMESTAMP WITH TIME ZONE NOT NULL,
    done_at TIMESTAMP WITH TIME ZONE,
    done_by TEXT DEFAULT '' NOT NULL,
    how TEXT DEFAULT '' NOT NULL,
    drafts TEXT DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_tasks PRIMARY KEY (id),
    CONSTRAINT fk_tasks_case_id FOREIGN KEY(case_id) REFERENCES cases (id),
    CONSTRAINT fk_tasks_dossier FOREIGN KEY(dossier) REFERENCES dossiers (id)
);

CREATE INDEX ix_tasks_case_id ON tasks (case_id);

CREATE INDEX ix_tasks_done ON tasks (done_by, done_at) WHERE done_at IS NOT NULL;

CREATE INDEX ix_tasks_dossier_org ON tasks (dossier, org);

CREATE INDEX ix_tasks_held ON tasks (holder, sort_at, id) WHERE done_at IS NULL AND holder != '';

CREATE INDEX ix_tasks_named ON tasks (person, sort_at, id) WHERE done_at IS NULL AND holder = '' AND person != '';

CREATE INDEX ix_tasks_offered ON tasks (role, org, sort_at, id) WHERE done_at IS NULL AND holder = '';

CREATE INDEX ix_tasks_opened ON tasks (role, org, opened_at, id) WHERE done_at IS NULL AND holder = '';

CREATE TABLE waits (
    id TEXT NOT NULL,
    case_id TEXT NOT NULL,
    kind TEXT DEFAULT '' NOT NULL,
    name TEXT DEFAULT '' NOT NULL,
    key TEXT DEFAULT '' NOT NULL,
    place TEXT DEFAULT '{}' NOT NULL,
    data TEXT DEFAULT '{}' NOT NULL,
    due_at TIMESTAMP WITH TIME ZONE,
    end_at TIMESTAMP WITH TIME ZONE,
    attempts INTEGER DEFAULT '0' NOT NULL,
    lease TEXT DEFAULT '' NOT NULL,
    leased_until TIMESTAMP WITH TIME ZONE,
    failure TEXT DEFAULT '{}' NOT NULL,
    CONSTRAINT pk_waits PRIMARY KEY (id),
    CONSTRAINT fk_waits_case_id FOREIGN KEY(case_id) REFERENCES cases (id)
);

CREATE INDEX ix_waits_case_id ON waits (case_id);

CREATE INDEX ix_waits_due_at ON waits (due_at) WHERE due_at IS NOT NULL;

CREATE INDEX ix_waits_heard ON waits (name, key, kind) WHERE kind IN ('message', 'signal');

CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS $$ BEGIN RAISE EXCEPTION 'the journal is append-only'; END $$;

CREATE TRIGGER journal_no_update BEFORE UPDATE ON journal FOR EACH ROW EXECUTE FUNCTION refuse_change();

CREATE TRIGGER journal_no_delete BEFORE DELETE OR TRUNCATE ON journal FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payload_no_delete BEFORE DELETE OR TRUNCATE ON payload FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();

CREATE TRIGGER payload_erased_once BEFORE UPDATE ON payload FOR EACH ROW WHEN (NOT (OLD.certificate = '' AND NEW.certificate <> '' AND NEW.stream = OLD.stream AND NEW.seq = OLD.seq AND NEW.salt = '' AND NEW.data = '{}' AND NEW.reason = '' AND NEW.address = '')) EXECUTE FUNCTION refuse_change();
