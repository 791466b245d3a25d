import { render } from 'preact';
import { App } from './app.tsx';
import { RouteProvider } from './route.tsx';

const root = document.getElementById('app');
if (root !== null) {
  root.replaceChildren();
  render(
    <RouteProvider>
      <App />
    </RouteProvider>,
    root,
  );
}
