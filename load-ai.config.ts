/**
 * `npm run load:ai`: the levels of the API gateway, the RAG service and the MCP server in one run with
 * one report, each even if an earlier one failed. Playwright runs files sorted by name and projects in
 * their listed order, so each system has a project here.
 */
import config from './playwright.config.ts';

const systems = ['api-gateway', 'rag-service', 'mcp-server'];
const progressive = config.projects?.find(({ name }) => name === 'progressive');

export default {
  ...config,
  // All have the scenario's name, which is part of the tests' ids.
  projects: systems.map((system) => ({
    ...progressive,
    testMatch: `${system}.spec.ts`,
    default: true,
  })),
};
