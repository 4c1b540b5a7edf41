import { ByCriterionId, BySection, CriterionPage, SectionPage, StandardPage } from '../../schema/standard-shapes.ts'
import { japanDate } from '../domain/calendar.ts'
import { orRefuse } from '../http/problems.ts'
import type { App } from '../http/server.ts'
import type { World } from '../world.ts'
import { criterionPage, sectionPage, standardPage } from './pages.ts'
import { standardInForce } from './queries.ts'

/** The standard in force, for everybody. */
export function standardRoutes(app: App, { database: { db }, now }: World) {
  const inForce = () => standardInForce(db, japanDate(now()))

  app.get('/standard', { config: { may: 'anyone', open: true, operation: 'standard.show', page: 'standard/show' }, schema: { response: { 200: StandardPage } } },
    async () => standardPage(await inForce()))

  app.get('/standard/:section', { config: { may: 'anyone', open: true, operation: 'standard.section', page: 'standard/section' }, schema: { params: BySection, response: { 200: SectionPage } } },
    async request => orRefuse(sectionPage(await inForce(), request.params.section)))

  app.get('/standard/criteria/:criterion', { config: { may: 'anyone', open: true, operation: 'standard.criterion', page: 'standard/criterion' }, schema: { params: ByCriterionId, response: { 200: CriterionPage } } },
    async request => orRefuse(criterionPage(await inForce(), request.params.criterion, japanDate(now()))))
}
