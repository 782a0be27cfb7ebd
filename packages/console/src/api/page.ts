import { textAt } from '@fastify-scs/core/kit'
import { baseHref, withBase } from '../assets/base.js'
import type { Page } from '../assets/manifest.js'
import { type ConsoleRoutes, unknownPath } from './console-routes.js'

/** Declares the page, its files, and what is left of the paths below the console: the page's own views. */
export function pageRoutes(routes: ConsoleRoutes, page: Page, base: string): void {
  routes.page('/assets/*', (request, reply) => {
    const asset = page.assets.get(textAt(request.params, '*') ?? '')
    if (asset === undefined) return unknownPath()
    const isGzipped = /\bgzip\b/.test(request.headers['accept-encoding'] ?? '')
    reply.type(asset.type).header('vary', 'accept-encoding')
    return isGzipped
      ? reply.header('content-encoding', 'gzip').send(asset.gzipped)
      : reply.send(asset.body)
  })
  routes.page('/api/*', unknownPath)
  for (const path of ['', '/*'])
    routes.page(path, (request, reply) => {
      // As it was rewritten: a relative address holds whatever came before the console's own path.
      const [pathname = ''] = request.url.split('?', 1)
      return reply
        .type('text/html; charset=utf-8')
        .send(withBase(page.html, baseHref(base, pathname)))
    })
}
