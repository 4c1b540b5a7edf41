CREATE TABLE "bench_places" (
	"application_id" uuid NOT NULL,
	"person_id" uuid NOT NULL,
	"criterion" text NOT NULL,
	"at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "bench_places_application_id_person_id_pk" PRIMARY KEY("application_id","person_id")
);
--> statement-breakpoint
CREATE TABLE "rating_marks" (
	"application_id" uuid NOT NULL,
	"criterion" text NOT NULL,
	"version" integer NOT NULL,
	"rating" text NOT NULL,
	"note" text NOT NULL,
	"rated_by" uuid NOT NULL,
	"rated_at" timestamp with time zone NOT NULL,
	CONSTRAINT "rating_marks_application_id_criterion_version_pk" PRIMARY KEY("application_id","criterion","version")
);
--> statement-breakpoint
CREATE TABLE "second_draws" (
	"id" uuid PRIMARY KEY NOT NULL,
	"seed" text NOT NULL,
	"pool" uuid[] NOT NULL,
	"share_percent" integer NOT NULL,
	"drawn_by" uuid NOT NULL,
	"drawn_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "share_is_a_percentage" CHECK ("second_draws"."share_percent" between 1 and 100)
);
--> statement-breakpoint
CREATE TABLE "second_marks" (
	"scoring_id" uuid NOT NULL,
	"criterion" text NOT NULL,
	"rating" text NOT NULL,
	"note" text DEFAULT '' NOT NULL,
	"marked_at" timestamp with time zone DEFAULT now() NOT NULL,
	CONSTRAINT "second_marks_scoring_id_criterion_pk" PRIMARY KEY("scoring_id","criterion"),
	CONSTRAINT "second_mark_is_known" CHECK ("second_marks"."rating" in ('conforms','minor','major','zero_tolerance','not_applicable'))
);
--> statement-breakpoint
CREATE TABLE "second_scorings" (
	"id" uuid PRIMARY KEY NOT NULL,
	"draw_id" uuid NOT NULL,
	"application_id" uuid NOT NULL,
	"scorer_id" uuid NOT NULL,
	"assigned_at" timestamp with time zone DEFAULT now() NOT NULL,
	"declared_at" timestamp with time zone,
	"finished_at" timestamp with time zone,
	CONSTRAINT "scored_twice_at_most" UNIQUE("application_id")
);
--> statement-breakpoint
ALTER TABLE "bench_places" ADD CONSTRAINT "bench_places_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "bench_places" ADD CONSTRAINT "bench_places_person_id_people_id_fk" FOREIGN KEY ("person_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rating_marks" ADD CONSTRAINT "rating_marks_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "rating_marks" ADD CONSTRAINT "rating_marks_rated_by_people_id_fk" FOREIGN KEY ("rated_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "second_draws" ADD CONSTRAINT "second_draws_drawn_by_people_id_fk" FOREIGN KEY ("drawn_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "second_marks" ADD CONSTRAINT "second_marks_scoring_id_second_scorings_id_fk" FOREIGN KEY ("scoring_id") REFERENCES "public"."second_scorings"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "second_scorings" ADD CONSTRAINT "second_scorings_draw_id_second_draws_id_fk" FOREIGN KEY ("draw_id") REFERENCES "public"."second_draws"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "second_scorings" ADD CONSTRAINT "second_scorings_application_id_applications_id_fk" FOREIGN KEY ("application_id") REFERENCES "public"."applications"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "second_scorings" ADD CONSTRAINT "second_scorings_scorer_id_people_id_fk" FOREIGN KEY ("scorer_id") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "second_scorings_by_scorer" ON "second_scorings" USING btree ("scorer_id");--> statement-breakpoint
CREATE INDEX "second_scorings_by_draw" ON "second_scorings" USING btree ("draw_id");--> statement-breakpoint
CREATE INDEX "applications_by_urgency" ON "applications" USING btree (coalesce(due_at, 'infinity'::timestamptz),"id") WHERE stage <> 'draft';--> statement-breakpoint

-- ---- the bench (test/database/bench.test.ts tries to break each) ----

-- Of two assessors on one criterion the second is told: a mark replaces exactly the one before it, and none is taken away.
CREATE FUNCTION keep_rating_versions() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' THEN
    RAISE EXCEPTION 'a mark is not taken away' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ratings_replace_the_one_before';
  END IF;
  IF NEW.version IS DISTINCT FROM (CASE TG_OP WHEN 'INSERT' THEN 1 ELSE OLD.version + 1 END)
     OR (TG_OP = 'UPDATE' AND (OLD.application_id, OLD.criterion) IS DISTINCT FROM (NEW.application_id, NEW.criterion)) THEN
    RAISE EXCEPTION 'a mark replaces the one before it' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'ratings_replace_the_one_before';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER ratings_replace_the_one_before BEFORE INSERT OR UPDATE OR DELETE ON ratings FOR EACH ROW EXECUTE FUNCTION keep_rating_versions();
--> statement-breakpoint
INSERT INTO rating_marks (application_id, criterion, version, rating, note, rated_by, rated_at) SELECT application_id, criterion, version, rating, note, rated_by, rated_at FROM ratings;
--> statement-breakpoint
CREATE FUNCTION keep_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  INSERT INTO rating_marks (application_id, criterion, version, rating, note, rated_by, rated_at)
    VALUES (NEW.application_id, NEW.criterion, NEW.version, NEW.rating, NEW.note, NEW.rated_by, NEW.rated_at);
  RETURN NULL;
END $$;
--> statement-breakpoint
CREATE TRIGGER rating_leaves_a_mark AFTER INSERT OR UPDATE ON ratings FOR EACH ROW EXECUTE FUNCTION keep_mark();
--> statement-breakpoint
-- The history is what the ratings left behind: a mark that no rating carries was made up.
CREATE FUNCTION keep_marks_true() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (SELECT FROM ratings r WHERE (r.application_id, r.criterion, r.version, r.rating, r.note, r.rated_by, r.rated_at)
      = (NEW.application_id, NEW.criterion, NEW.version, NEW.rating, NEW.note, NEW.rated_by, NEW.rated_at)) THEN
    RAISE EXCEPTION 'no rating left this mark' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'mark_is_what_was_rated';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER mark_is_what_was_rated BEFORE INSERT ON rating_marks FOR EACH ROW EXECUTE FUNCTION keep_marks_true();
--> statement-breakpoint

-- C28: a second scorer had no hand in the case, has no tie to the client, and gets no hand in it afterwards; the share is drawn from finished desk reviews.
CREATE FUNCTION keep_scorer_apart() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF cardinality(parts_taken(NEW.application_id, NEW.scorer_id)) > 0 THEN
    RAISE EXCEPTION 'the second scorer took part' USING ERRCODE = 'check_violation', CONSTRAINT = 'scorer_took_no_part';
  END IF;
  IF NOT EXISTS (SELECT FROM second_draws d WHERE d.id = NEW.draw_id AND NEW.application_id = ANY (d.pool)) THEN
    RAISE EXCEPTION 'not among the files drawn from' USING ERRCODE = 'check_violation', CONSTRAINT = 'scored_file_was_drawn';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER scorer_took_no_part BEFORE INSERT ON second_scorings FOR EACH ROW EXECUTE FUNCTION keep_scorer_apart();--> statement-breakpoint
CREATE TRIGGER tied_person_does_not_score BEFORE INSERT ON second_scorings FOR EACH ROW EXECUTE FUNCTION keep_tied_out('scorer_id', 'assigned_at', 'scorer_has_no_tie');--> statement-breakpoint
CREATE FUNCTION keep_scorer_out() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF EXISTS (SELECT FROM second_scorings s WHERE s.application_id = NEW.application_id AND s.scorer_id = (to_jsonb(NEW)->>TG_ARGV[0])::uuid) THEN
    RAISE EXCEPTION 'scores this file for the second time' USING ERRCODE = 'check_violation', CONSTRAINT = 'scorer_joins_no_case';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER scorer_joins_no_case BEFORE INSERT ON assignments FOR EACH ROW EXECUTE FUNCTION keep_scorer_out('person_id');--> statement-breakpoint
CREATE TRIGGER scorer_rates_no_case BEFORE INSERT OR UPDATE ON ratings FOR EACH ROW EXECUTE FUNCTION keep_scorer_out('rated_by');--> statement-breakpoint
CREATE TRIGGER scorer_decides_no_case BEFORE INSERT ON decisions FOR EACH ROW EXECUTE FUNCTION keep_scorer_out('decided_by');--> statement-breakpoint

-- Declared before the first mark, finished once, and nothing of it changes afterwards.
CREATE FUNCTION keep_scoring() RETURNS trigger LANGUAGE plpgsql AS $$
DECLARE before second_scorings := OLD; after second_scorings := NEW;
BEGIN
  before.declared_at := NULL; before.finished_at := NULL; after.declared_at := NULL; after.finished_at := NULL;
  IF TG_OP = 'DELETE' OR OLD.finished_at IS NOT NULL OR (OLD.declared_at IS NOT NULL AND OLD.declared_at IS DISTINCT FROM NEW.declared_at)
     OR (NEW.finished_at IS NOT NULL AND NEW.declared_at IS NULL) OR before IS DISTINCT FROM after THEN
    RAISE EXCEPTION 'a second scoring is kept' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'second_scoring_is_kept';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER second_scoring_is_kept BEFORE UPDATE OR DELETE ON second_scorings FOR EACH ROW EXECUTE FUNCTION keep_scoring();
--> statement-breakpoint
CREATE FUNCTION keep_second_mark() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR NOT EXISTS (SELECT FROM second_scorings s WHERE s.id = NEW.scoring_id AND s.declared_at IS NOT NULL AND s.finished_at IS NULL FOR SHARE)
     OR (TG_OP = 'UPDATE' AND (OLD.scoring_id, OLD.criterion) IS DISTINCT FROM (NEW.scoring_id, NEW.criterion)) THEN
    RAISE EXCEPTION 'not while this scoring is open' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'second_marks_are_sealed';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER second_marks_are_sealed BEFORE INSERT OR UPDATE OR DELETE ON second_marks FOR EACH ROW EXECUTE FUNCTION keep_second_mark();
--> statement-breakpoint
DO $$
DECLARE name text;
BEGIN
  FOREACH name IN ARRAY ARRAY['rating_marks', 'second_draws'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE UPDATE OR DELETE ON %I FOR EACH ROW EXECUTE FUNCTION refuse_change()', name || '_is_append_only', name);
  END LOOP;
  FOREACH name IN ARRAY ARRAY['rating_marks', 'second_draws', 'second_scorings', 'second_marks'] LOOP
    EXECUTE format('CREATE TRIGGER %I BEFORE TRUNCATE ON %I FOR EACH STATEMENT EXECUTE FUNCTION refuse_change()', name || '_is_never_emptied', name);
  END LOOP;
END $$;
--> statement-breakpoint
DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
