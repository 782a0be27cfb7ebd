import { render } from 'preact'
import { App } from './shell/app.js'
import { applyTheme, readTheme } from './shell/theme.js'
import './styles/tokens.css'
import './styles/base.css'
import './styles/shell.css'
import './styles/dialogs.css'
import './styles/components.css'
import './styles/viewers.css'
import './styles/layout.css'
import './styles/charts.css'
import './styles/tables.css'
import './styles/groups.css'
import './styles/forms.css'
import './styles/report.css'
import './styles/timeline.css'
import './styles/causes.css'
import './styles/blocked.css'
import './styles/filters.css'
import './styles/records.css'
import './styles/details.css'
import './styles/slow.css'
import './styles/live.css'
import './styles/bell.css'

// Before anything is drawn, so that no page flashes in the other theme.
applyTheme(readTheme(window.localStorage))
const root = document.getElementById('app')
if (root !== null) render(<App baseUrl={document.baseURI} />, root)
