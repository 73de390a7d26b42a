import { renewalRoutes } from '../features/contacts/renewal.routes.ts'
import { previewEndRoutes } from '../features/previews/preview-end.routes.ts'
import { sessionRoutes } from '../features/sessions/sessions.routes.ts'
import { microsoftLinkRoutes, microsoftRoutes } from '../features/sign-in/microsoft.routes.ts'
import { passwordRoutes, provenRoutes, signInRoutes } from '../features/sign-in/sign-in.routes.ts'
import { signUpRoutes } from '../features/sign-up/sign-up.routes.ts'
import { ticketMailRoutes } from '../features/tickets/preference.routes.ts'
import { twoStepRoutes } from '../features/two-step/two-step.routes.ts'
import { apiWith } from './api.ts'

/** /api/auth: how one comes in, and what is one's own. */
export const surface = apiWith((api) => {
  api.route('/', signInRoutes)
  api.route('/', passwordRoutes)
  api.route('/', sessionRoutes)
  api.route('/', ticketMailRoutes)
  api.route('/', signUpRoutes)
  api.route('/', twoStepRoutes)
  api.route('/', provenRoutes)
  api.route('/', microsoftRoutes)
  api.route('/', microsoftLinkRoutes)
  api.route('/', previewEndRoutes)
  api.route('/', renewalRoutes)
})
