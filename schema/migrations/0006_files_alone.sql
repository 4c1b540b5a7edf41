ALTER TABLE "certificates" DROP CONSTRAINT "issued_certificate_has_its_file";--> statement-breakpoint
ALTER TABLE "certificates" DROP COLUMN "edition";--> statement-breakpoint
ALTER TABLE "certificates" DROP COLUMN "document_key";--> statement-breakpoint
ALTER TABLE "certificates" DROP COLUMN "sha256";--> statement-breakpoint
ALTER TABLE "certificates" DROP COLUMN "size";--> statement-breakpoint
ALTER TABLE "certificates" DROP COLUMN "key_id";--> statement-breakpoint
ALTER TABLE "certificates" DROP COLUMN "issued_at";