-- A wiped device brings nothing any more, not even what was on its way when the wipe was ordered.
-- Who named a file is found by the index of files, whatever Postgres believes of a table that grew since it last counted: it read all versions of a long day at each photo.
CREATE OR REPLACE FUNCTION keep_notebook_file() RETURNS trigger LANGUAGE plpgsql AS $$
BEGIN
  IF NOT EXISTS (WITH naming AS MATERIALIZED (SELECT application_id, device FROM notebook_versions WHERE files @> jsonb_build_array(jsonb_build_object('sha256', NEW.sha256)))
      SELECT FROM naming WHERE application_id = NEW.application_id AND device = NEW.device) THEN
    RAISE EXCEPTION 'no version of this device names the file' USING ERRCODE = 'check_violation', CONSTRAINT = 'file_is_named_by_a_version';
  END IF;
  IF NEW.document_id IS NOT NULL AND NOT EXISTS (SELECT FROM notebook_devices WHERE device = NEW.device AND wipe_ordered_at IS NULL FOR SHARE) THEN
    RAISE EXCEPTION 'the device is wiped' USING ERRCODE = 'check_violation', CONSTRAINT = 'file_is_of_a_device_that_is_not_wiped';
  END IF;
  IF NEW.document_id IS NOT NULL AND NOT EXISTS (SELECT FROM documents WHERE id = NEW.document_id AND application_id = NEW.application_id AND sha256 = NEW.sha256 AND purpose IN ('photo', 'memo')) THEN
    RAISE EXCEPTION 'another file' USING ERRCODE = 'check_violation', CONSTRAINT = 'file_is_the_one_that_was_named';
  END IF;
  RETURN NEW;
END $$;
