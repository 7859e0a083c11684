BEGIN TRANSACTION;
CREATE TABLE alembic_version (
	version_num VARCHAR(32) NOT NULL, 
	CONSTRAINT alembic_version_pkc PRIMARY KEY (version_num)
);
INSERT INTO "alembic_version" VALUES('0002');
CREATE TABLE answers (
	case_id VARCHAR(80) NOT NULL, 
	place INTEGER NOT NULL, 
	question TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	value TEXT NOT NULL, 
	state VARCHAR(16) NOT NULL, 
	confidence VARCHAR(8) NOT NULL, 
	about TEXT NOT NULL, 
	agreed BOOLEAN NOT NULL, 
	note TEXT NOT NULL, 
	reason TEXT NOT NULL, 
	evidence TEXT NOT NULL, 
	at TEXT NOT NULL, 
	interview TEXT NOT NULL, 
	"key" TEXT, 
	CONSTRAINT pk_answers PRIMARY KEY (case_id, place), 
	CONSTRAINT uq_answers_key UNIQUE (case_id, interview, "by", question, about, "key"), 
	CONSTRAINT fk_answers_case_id FOREIGN KEY(case_id) REFERENCES cases (id) ON DELETE CASCADE
);
INSERT INTO "answers" VALUES('acme',0,'odc.deadline-exists','boss','"no"','answered','sure','{}',0,'«сезон»','','[]','2026-03-01T10:06:00Z','i1','k1');
CREATE TABLE case_files (
	case_id VARCHAR(80) NOT NULL, 
	path TEXT NOT NULL, 
	piece INTEGER NOT NULL, 
	content BLOB NOT NULL, 
	CONSTRAINT pk_case_files PRIMARY KEY (case_id, path, piece), 
	CONSTRAINT fk_case_files_case_id FOREIGN KEY(case_id) REFERENCES cases (id) ON DELETE CASCADE
);
INSERT INTO "case_files" VALUES('acme','company.yaml',0,X'666F726D61743A20310A6E616D653A2041636D650A');
CREATE TABLE cases (
	id VARCHAR(80) NOT NULL, 
	name TEXT NOT NULL, 
	added_at VARCHAR(32) NOT NULL, 
	closed_at VARCHAR(32), changed INTEGER DEFAULT '0' NOT NULL, 
	CONSTRAINT pk_cases PRIMARY KEY (id)
);
INSERT INTO "cases" VALUES('acme','Acme','2026-03-01T10:00:00Z',NULL,0);
CREATE TABLE consents (
	link VARCHAR(16) NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	case_id VARCHAR(80) NOT NULL, 
	version VARCHAR(32) NOT NULL, 
	sha256 VARCHAR(64) NOT NULL, 
	language VARCHAR(2) NOT NULL, 
	withdrawn_at VARCHAR(32), 
	CONSTRAINT pk_consents PRIMARY KEY (link, at), 
	CONSTRAINT fk_consents_link FOREIGN KEY(link) REFERENCES links (id) ON DELETE CASCADE, 
	CONSTRAINT fk_consents_case_id FOREIGN KEY(case_id) REFERENCES cases (id) ON DELETE CASCADE
);
INSERT INTO "consents" VALUES('l1','2026-11-27T10:00:00Z','acme','1','bbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbbb','ru',NULL);
CREATE TABLE event_head (
	one INTEGER NOT NULL, 
	count INTEGER NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_event_head PRIMARY KEY (one)
);
INSERT INTO "event_head" VALUES(1,1,'1111111111111111111111111111111111111111111111111111111111111111');
CREATE TABLE events (
	n INTEGER NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	actor TEXT NOT NULL, 
	action VARCHAR(32) NOT NULL, 
	case_id VARCHAR(80) NOT NULL, 
	detail TEXT NOT NULL, 
	"before" VARCHAR(64) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	CONSTRAINT pk_events PRIMARY KEY (n), 
	CONSTRAINT uq_events_hash UNIQUE (hash)
);
INSERT INTO "events" VALUES(1,'2026-03-01T10:00:00Z','admin','added','acme','{}','0000000000000000000000000000000000000000000000000000000000000000','1111111111111111111111111111111111111111111111111111111111111111');
CREATE TABLE interviews (
	case_id VARCHAR(80) NOT NULL, 
	id TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	"by" TEXT NOT NULL, 
	mode VARCHAR(8) NOT NULL, 
	questionnaire TEXT NOT NULL, 
	sha256 TEXT NOT NULL, 
	started TEXT NOT NULL, 
	moved_from TEXT NOT NULL, 
	CONSTRAINT pk_interviews PRIMARY KEY (case_id, id), 
	CONSTRAINT fk_interviews_case_id FOREIGN KEY(case_id) REFERENCES cases (id) ON DELETE CASCADE
);
INSERT INTO "interviews" VALUES('acme','i1',0,'boss','full','0.1.0','abababababababababababababababababababababababababababababababab','2026-03-01T10:05:00Z','');
CREATE TABLE links (
	id VARCHAR(16) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	case_id VARCHAR(80) NOT NULL, 
	role TEXT NOT NULL, 
	"by" TEXT NOT NULL, 
	mode TEXT NOT NULL, 
	made_by TEXT NOT NULL, 
	made_at VARCHAR(32) NOT NULL, 
	expires_at VARCHAR(32) NOT NULL, 
	used_at VARCHAR(32), 
	finished_at VARCHAR(32), 
	revoked_at VARCHAR(32), 
	CONSTRAINT pk_links PRIMARY KEY (id), 
	CONSTRAINT uq_links_hash UNIQUE (hash), 
	CONSTRAINT fk_links_case_id FOREIGN KEY(case_id) REFERENCES cases (id) ON DELETE CASCADE
);
INSERT INTO "links" VALUES('l1','aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa','acme','owner','owner','quick','anna','2026-11-27T10:00:00Z','2026-12-11T10:00:00Z',NULL,NULL,NULL);
CREATE TABLE members (
	case_id VARCHAR(80) NOT NULL, 
	user VARCHAR(80) NOT NULL, 
	CONSTRAINT pk_members PRIMARY KEY (case_id, user), 
	CONSTRAINT fk_members_case_id FOREIGN KEY(case_id) REFERENCES cases (id) ON DELETE CASCADE, 
	CONSTRAINT fk_members_user FOREIGN KEY(user) REFERENCES users (name) ON DELETE CASCADE
);
INSERT INTO "members" VALUES('acme','anna');
CREATE TABLE purged (
	case_id VARCHAR(80) NOT NULL, 
	added_at VARCHAR(32) NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_purged PRIMARY KEY (case_id, added_at)
);
INSERT INTO "purged" VALUES('old','2025-01-01T10:00:00Z','2026-01-01T10:00:00Z');
CREATE TABLE questionnaires (
	sha256 VARCHAR(64) NOT NULL, 
	version TEXT NOT NULL, 
	content BLOB NOT NULL, 
	CONSTRAINT pk_questionnaires PRIMARY KEY (sha256)
);
INSERT INTO "questionnaires" VALUES('abababababababababababababababababababababababababababababababab','0.1.0',X'7B7D');
CREATE TABLE respondents (
	case_id VARCHAR(80) NOT NULL, 
	id TEXT NOT NULL, 
	place INTEGER NOT NULL, 
	role TEXT NOT NULL, 
	manager TEXT, 
	name TEXT, 
	CONSTRAINT pk_respondents PRIMARY KEY (case_id, id), 
	CONSTRAINT fk_respondents_case_id FOREIGN KEY(case_id) REFERENCES cases (id) ON DELETE CASCADE
);
INSERT INTO "respondents" VALUES('acme','boss',0,'owner',NULL,'Пётр');
CREATE TABLE sessions (
	hash VARCHAR(64) NOT NULL, 
	user VARCHAR(80), 
	link VARCHAR(16), 
	made_at VARCHAR(32) NOT NULL, 
	seen_at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_sessions PRIMARY KEY (hash), 
	CONSTRAINT fk_sessions_user FOREIGN KEY(user) REFERENCES users (name) ON DELETE CASCADE, 
	CONSTRAINT fk_sessions_link FOREIGN KEY(link) REFERENCES links (id) ON DELETE CASCADE
);
INSERT INTO "sessions" VALUES('cccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccccc','anna',NULL,'2026-11-27T10:00:00Z','2026-11-27T10:00:00Z');
CREATE TABLE tokens (
	id VARCHAR(16) NOT NULL, 
	hash VARCHAR(64) NOT NULL, 
	user VARCHAR(80) NOT NULL, 
	title TEXT NOT NULL, 
	made_at VARCHAR(32) NOT NULL, 
	expires_at VARCHAR(32) NOT NULL, 
	used_at VARCHAR(32), 
	revoked_at VARCHAR(32), 
	CONSTRAINT pk_tokens PRIMARY KEY (id), 
	CONSTRAINT uq_tokens_hash UNIQUE (hash), 
	CONSTRAINT fk_tokens_user FOREIGN KEY(user) REFERENCES users (name) ON DELETE CASCADE
);
INSERT INTO "tokens" VALUES('t1','dddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddddd','anna','CRM','2026-11-27T10:00:00Z','2027-11-27T10:00:00Z',NULL,NULL);
CREATE TABLE tries (
	n INTEGER NOT NULL, 
	"key" VARCHAR(64) NOT NULL, 
	at VARCHAR(32) NOT NULL, 
	CONSTRAINT pk_tries PRIMARY KEY (n)
);
INSERT INTO "tries" VALUES(1,'eeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeeee','2026-11-27T10:00:00Z');
CREATE TABLE users (
	name VARCHAR(80) NOT NULL, 
	title TEXT NOT NULL, 
	role VARCHAR(16) NOT NULL, 
	password TEXT, 
	every_case BOOLEAN NOT NULL, 
	created_at VARCHAR(32) NOT NULL, 
	disabled_at VARCHAR(32), 
	CONSTRAINT pk_users PRIMARY KEY (name)
);
INSERT INTO "users" VALUES('anna','Анна','consultant','$argon2id$v=19$m=8,t=1,p=1$c2FsdHNhbHQ$aGFzaA',1,'2026-11-27T10:00:00Z',NULL);
CREATE INDEX ix_tries_key ON tries ("key");
COMMIT;
