/**
 * `npm run load:ai`: the levels of the API gateway, the RAG service and the MCP server in one go, each
 * whatever the one before said. It is one run with one report. Playwright runs files in the order of
 * their names and projects in the order in which they stand, so each system has a project here.
 */
import config from './playwright.config.ts';

const systems = ['api-gateway', 'rag-service', 'mcp-server'];
const progressive = config.projects?.find(({ name }) => name === 'progressive');

export default {
  ...config,
  // All bear the scenario's name, which is in the tests' ids.
  projects: systems.map((system) => ({
    ...progressive,
    testMatch: `${system}.spec.ts`,
    default: true,
  })),
};
