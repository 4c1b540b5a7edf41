CREATE TABLE "supplier_lists" (
	"id" uuid PRIMARY KEY NOT NULL,
	"buyer_id" uuid NOT NULL,
	"name" text NOT NULL,
	"document_key" text NOT NULL,
	"type" text NOT NULL,
	"size" bigint NOT NULL,
	"bytes" bigint DEFAULT 0 NOT NULL,
	"rows" integer DEFAULT 0 NOT NULL,
	"state" text DEFAULT 'waiting' NOT NULL,
	"problem" text,
	"problem_params" jsonb,
	"created_by" uuid NOT NULL,
	"created_at" timestamp with time zone DEFAULT now() NOT NULL,
	"ready_at" timestamp with time zone,
	"adopted_at" timestamp with time zone,
	"undone_at" timestamp with time zone,
	CONSTRAINT "list_state_is_known" CHECK ("supplier_lists"."state" in ('waiting','reading','ready','adopted','undone','failed')),
	CONSTRAINT "failed_list_says_why" CHECK (("supplier_lists"."state" = 'failed') = ("supplier_lists"."problem" is not null))
);
--> statement-breakpoint
CREATE TABLE "supplier_list_rows" (
	"list_id" uuid NOT NULL,
	"line" integer NOT NULL,
	"typed_number" text NOT NULL,
	"typed_corporate" text NOT NULL,
	"name" text NOT NULL,
	"prefecture" text NOT NULL,
	"country" text NOT NULL,
	"tier" integer,
	"group_name" text NOT NULL,
	"fault" text,
	"outcome" text NOT NULL,
	"holder" text,
	"candidates" text[],
	"take" boolean DEFAULT false NOT NULL,
	CONSTRAINT "supplier_list_rows_list_id_line_pk" PRIMARY KEY("list_id","line"),
	CONSTRAINT "outcome_is_known" CHECK ("supplier_list_rows"."outcome" in ('number','corporate_number','corrected_number','name_and_prefecture','name','choose','not_found','duplicate','unusable')),
	CONSTRAINT "taken_row_has_a_holder" CHECK (not "supplier_list_rows"."take" or "supplier_list_rows"."holder" is not null)
);
--> statement-breakpoint
ALTER TABLE "supplier_lists" ADD CONSTRAINT "supplier_lists_buyer_id_buyers_id_fk" FOREIGN KEY ("buyer_id") REFERENCES "public"."buyers"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "supplier_lists" ADD CONSTRAINT "supplier_lists_created_by_people_id_fk" FOREIGN KEY ("created_by") REFERENCES "public"."people"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
ALTER TABLE "supplier_list_rows" ADD CONSTRAINT "supplier_list_rows_list_id_supplier_lists_id_fk" FOREIGN KEY ("list_id") REFERENCES "public"."supplier_lists"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
CREATE INDEX "supplier_lists_by_buyer" ON "supplier_lists" USING btree ("buyer_id","id");--> statement-breakpoint
CREATE UNIQUE INDEX "supplier_list_is_stored_once" ON "supplier_lists" USING btree ("document_key");--> statement-breakpoint

-- A list is what was handed in: it goes through its states and is never handed to another buyer, exchanged or removed; what a line said stays as it was read.
CREATE FUNCTION keep_list() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.id, OLD.buyer_id, OLD.document_key, OLD.created_by, OLD.created_at) IS DISTINCT FROM (NEW.id, NEW.buyer_id, NEW.document_key, NEW.created_by, NEW.created_at)
    OR NEW.rows < OLD.rows OR (OLD.state, NEW.state) NOT IN (VALUES ('waiting', 'reading'), ('waiting', 'failed'), ('reading', 'ready'), ('reading', 'failed'), ('ready', 'adopted'), ('adopted', 'undone'), ('undone', 'adopted')) AND OLD.state <> NEW.state THEN
    RAISE EXCEPTION 'a list is kept as it was handed in' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'list_is_kept';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE FUNCTION keep_list_row() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF TG_OP = 'DELETE' OR (OLD.list_id, OLD.line, OLD.typed_number, OLD.typed_corporate, OLD.name, OLD.prefecture) IS DISTINCT FROM (NEW.list_id, NEW.line, NEW.typed_number, NEW.typed_corporate, NEW.name, NEW.prefecture) THEN
    RAISE EXCEPTION 'a line is kept as it was read' USING ERRCODE = 'restrict_violation', CONSTRAINT = 'list_row_is_kept';
  END IF;
  RETURN NEW;
END $$;
--> statement-breakpoint
CREATE TRIGGER list_is_kept BEFORE UPDATE OR DELETE ON supplier_lists FOR EACH ROW EXECUTE FUNCTION keep_list();
--> statement-breakpoint
CREATE TRIGGER list_row_is_kept BEFORE UPDATE OR DELETE ON supplier_list_rows FOR EACH ROW EXECUTE FUNCTION keep_list_row();
--> statement-breakpoint
ALTER TABLE "suppliers" ADD CONSTRAINT "supplier_comes_from_a_list" FOREIGN KEY ("list_id") REFERENCES "public"."supplier_lists"("id") ON DELETE no action ON UPDATE no action;--> statement-breakpoint
DO $$
DECLARE promise record;
BEGIN
  FOR promise IN SELECT tgname, tgrelid::regclass AS of_table FROM pg_trigger WHERE NOT tgisinternal AND tgenabled <> 'A' AND tgrelid::regclass::text NOT LIKE '%.%' LOOP
    EXECUTE format('ALTER TABLE %s ENABLE ALWAYS TRIGGER %I', promise.of_table, promise.tgname);
  END LOOP;
END $$;
