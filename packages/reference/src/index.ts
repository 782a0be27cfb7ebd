export { renderErrorsPage } from './errors-page.js'
