/* Made by tools/describe.mjs from /v2/openapi.json; not edited by hand. */

export interface paths {
  '/livez': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'text/plain': components['schemas']['Text'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/readyz': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'text/plain': components['schemas']['Text'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/metrics': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'text/plain': components['schemas']['Text'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/openapi.json': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Description'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/docs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'text/html': components['schemas']['Page'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/currentOrg': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['CurrentOrg'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/organizations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Organizations'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/organizations/settings': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Settings'];
          };
        };
      };
    };
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['Settings'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Settings'];
          };
        };
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/organizations/settings/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['Settings'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['SettingsPreviewed'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/enterprises/organizations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['OrganizationNew'];
        };
      };
      responses: {
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['OrganizationMade'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/enterprises': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Enterprises'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/enterprises/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Enterprise'];
          };
        };
      };
    };
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['EnterpriseChange'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Enterprise'];
          };
        };
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/enterprises/{id}/organizations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Organizations'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/enterprises/{id}/organizations/{orgId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
          orgId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    post?: never;
    delete: {
      parameters: {
        query?: {
          standalone?: boolean;
        };
        header?: never;
        path: {
          id: string;
          orgId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/tokens': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          role?: string;
          createdBy?: string;
          expiresBefore?: string;
          status?: string;
          q?: string;
          sort?: string;
          limit?: number;
          starting_after?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Tokens'];
          };
        };
      };
    };
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: {
          'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['TokenNew'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TokenMade'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/tokens/summary': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TokensSummary'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/tokens/revoke': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['TokensRevoke'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TokensRevoked'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/tokens/{clientId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clientId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Token'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete: {
      parameters: {
        query?: {
          createdTokens?: boolean;
        };
        header?: never;
        path: {
          clientId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/tokens/{clientId}/usage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          hours?: number;
        };
        header?: never;
        path: {
          clientId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TokenUsage'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/tokens/{clientId}/sessions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          clientId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TokenSessions'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/usage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          hours?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Usage'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/clientIdSecrets': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          role?: string;
          createdBy?: string;
          expiresBefore?: string;
          status?: string;
          q?: string;
          sort?: string;
          limit?: number;
          starting_after?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Tokens'];
          };
        };
      };
    };
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: {
          'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        };
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['TokenNew'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TokenMade'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/clientIdSecrets/{clientId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete: {
      parameters: {
        query?: {
          createdTokens?: boolean;
        };
        header?: never;
        path: {
          clientId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/clientIdSecret/{clientId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete: {
      parameters: {
        query?: {
          createdTokens?: boolean;
        };
        header?: never;
        path: {
          clientId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/organizations/roles': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['RoleList'];
          };
        };
      };
    };
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['RoleNew'];
        };
      };
      responses: {
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Role'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/organizations/roles/{roleId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          roleId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Role'];
          };
        };
      };
    };
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          roleId: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['RoleNew'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    post?: never;
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          roleId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/organizations/roles/{roleId}/usage': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          roleId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['RoleUsage'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          from?: string;
          to?: string;
          actor?: string;
          subject?: string;
          event?: string;
          outcome?: string;
          q?: string;
          all?: boolean;
          limit?: number;
          starting_after?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['AuditRecords'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/organizations/{orgId}/telemetry/auditLogs': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          orgId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['AuditExport'];
          };
        };
      };
    };
    put?: never;
    /** @deprecated */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          orgId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: never;
    };
    /** @deprecated */
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          orgId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: never;
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/availableRegions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Regions'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/regions/serverless': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['ServerlessRegions'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/databases': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          limit?: number;
          starting_after?: string;
          include?: string;
          provider?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DatabaseList'];
          };
        };
      };
    };
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['DatabaseNew'];
        };
      };
      responses: {
        201: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/databases/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Database'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/databases/{id}/terminate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        202: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/databases/{id}/token': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: {
          'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        };
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['DatabaseTokenNew'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TokenMade'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/databases/{id}/datacenters': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DatacenterList'];
          };
        };
      };
    };
    put?: never;
    /** @deprecated */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: never;
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/databases/{id}/keyspaces': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Keyspaces'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/databases/{id}/state': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DatabaseState'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/databases/{id}/keyspaces/{keyspace}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
          keyspace: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        201: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
          keyspace: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        202: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/databases/{id}/secureBundleURL': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    /** @deprecated */
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: never;
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/organizations/users': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Users'];
          };
        };
      };
    };
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['UserInvite'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['UserInvited'];
          };
        };
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/organizations/users/{userID}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          userID: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['User'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          userID: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/organizations/users/{userID}/roles': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          userID: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['UserRoles'];
        };
      };
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/sessions': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          userId?: string;
          all?: boolean;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Sessions'];
          };
        };
      };
    };
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['SignIn'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Session'];
          };
        };
      };
    };
    delete: {
      parameters: {
        query?: {
          userId?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/sessions/current': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Session'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/sessions/current/proof': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['Proof'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Session'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/sessions/{id}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/invitations/accept': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['Accept'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Accepted'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/set-up': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['SetUpState'];
          };
        };
      };
    };
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['SetUp'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['SetUpDone'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/person': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Person'];
          };
        };
      };
    };
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['PasswordNew'];
        };
      };
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/person/totp': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['TotpConfirm'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['RecoveryCodes'];
          };
        };
      };
    };
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TotpNew'];
          };
        };
      };
    };
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/person/recovery-codes': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['RecoveryCodes'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/access-lists': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['AccessLists'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/databases/{id}/access-list': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['AccessList'];
          };
        };
      };
    };
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['AccessChange'];
        };
      };
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['AccessEntries'];
        };
      };
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    delete: {
      parameters: {
        query?: {
          addresses?: string;
          force?: boolean;
        };
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['AccessChange'];
        };
      };
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    trace?: never;
  };
  '/v2/access-list/validate': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['AccessChange'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['AccessVerdict'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/access-list/template': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['AccessChange'];
          };
        };
      };
    };
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['AccessChange'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/organizations/{orgId}/devops-acl': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          orgId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['AccessApiList'];
          };
        };
      };
    };
    put: {
      parameters: {
        query?: {
          addresses?: string;
          force?: boolean;
        };
        header?: never;
        path: {
          orgId: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['AccessChange'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['AccessApiList'];
          };
        };
      };
    };
    post: {
      parameters: {
        query?: {
          addresses?: string;
          force?: boolean;
        };
        header?: never;
        path: {
          orgId: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['AccessEntries'];
        };
      };
      responses: {
        201: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['AccessApiList'];
          };
        };
      };
    };
    delete: {
      parameters: {
        query?: {
          addresses?: string;
          force?: boolean;
        };
        header?: never;
        path: {
          orgId: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        202: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query?: {
          addresses?: string;
          force?: boolean;
        };
        header?: never;
        path: {
          orgId: string;
        };
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['AccessChange'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['AccessApiList'];
          };
        };
      };
    };
    trace?: never;
  };
  '/v2/token/authorize': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['AuthorizeAsk'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['AuthorizeAnswer'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/oauth2/introspect': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/x-www-form-urlencoded': components['schemas']['IntrospectForm'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['IntrospectAnswer'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/forward-auth': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query: {
          action: string;
          resource: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    put: {
      parameters: {
        query: {
          action: string;
          resource: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    post: {
      parameters: {
        query: {
          action: string;
          resource: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    delete: {
      parameters: {
        query: {
          action: string;
          resource: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    options?: never;
    head?: never;
    patch: {
      parameters: {
        query: {
          action: string;
          resource: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    trace?: never;
  };
  '/v2/policies/preview': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['PolicyPreviewAsk'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['PolicyPreview'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/policies/review': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['PolicyReviewAsk'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['PolicyReview'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/access-map': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          databaseId?: string;
          action?: components['schemas']['ActionName'];
          resource?: string;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['AccessMap'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/explain': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['ExplainAsk'];
        };
      };
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Explanation'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/operator/status': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['Status'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/operator/databases/{id}/check': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          id: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['DatabaseCheck'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/operator/audit': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: {
          n?: number;
        };
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['AuditTail'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/operator/people/{person}/set-up': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          person: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['SetUpLink'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/operator/people/{person}/password': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          person: string;
        };
        cookie?: never;
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['PasswordNew'];
        };
      };
      responses: {
        204: {
          headers: {
            [name: string]: unknown;
          };
          content?: never;
        };
      };
    };
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/operator/people/{person}/totp': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete: {
      parameters: {
        query?: never;
        header?: never;
        path: {
          person: string;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['TotpReset'];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/operator/keys': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['ServerKeyList'];
          };
        };
      };
    };
    put?: never;
    post: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['ServerKey'];
          };
        };
      };
    };
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/operator/keys/{keyId}': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get?: never;
    put?: never;
    post?: never;
    delete: {
      parameters: {
        query?: {
          force?: boolean;
        };
        header?: never;
        path: {
          keyId: number;
        };
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['ServerKeyRetired'];
          };
        };
      };
    };
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
  '/v2/operator/organizations': {
    parameters: {
      query?: never;
      header?: never;
      path?: never;
      cookie?: never;
    };
    get: {
      parameters: {
        query?: never;
        header?: never;
        path?: never;
        cookie?: never;
      };
      requestBody?: never;
      responses: {
        200: {
          headers: {
            [name: string]: unknown;
          };
          content: {
            'application/json': components['schemas']['OperatorOrganizations'];
          };
        };
      };
    };
    put?: never;
    post?: never;
    delete?: never;
    options?: never;
    head?: never;
    patch?: never;
    trace?: never;
  };
}
export type webhooks = Record<string, never>;
export interface components {
  schemas: {
    Path: {
      clientId: string;
      /** Format: uuid */
      roleId: string;
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      orgId: string;
      /** Format: uuid */
      userID: string;
      person: string;
      keyspace: string;
      keyId: number;
      /** Format: uuid */
      reportId: string;
      resource: string;
      resourceId: string;
    };
    Problems: {
      errors: components['schemas']['Problem'][];
    };
    Problem: {
      ID: number;
      message: string;
    };
    ActionName: string;
    /** @enum {string} */
    Effect: 'allow' | 'deny';
    Text: string;
    Page: string;
    Description: Record<string, never>;
    CurrentOrg: {
      /** Format: uuid */
      id: string;
    };
    Organization: {
      /** Format: uuid */
      id: string;
      name: string;
      email?: string | null;
      /** Format: uuid */
      enterpriseId: string | null;
      /** Format: date-time */
      createdAt: string;
    };
    Organizations: components['schemas']['Organization'][];
    OrganizationNew: {
      name: string;
      email: string;
      /** Format: uuid */
      adminUserID?: string | null;
      /** Format: uuid */
      enterpriseID?: string | null;
    };
    OrganizationMade: {
      OrganizationName: string;
      /** Format: uuid */
      OrganizationID: string;
      OrganizationEmail: string;
      MarketplaceData: unknown;
      /** Format: date-time */
      CreatedAt: string;
      /** Format: date-time */
      LastModified: string;
      OrgType: string;
      /** Format: uuid */
      EnterpriseId: string;
      /** Format: uuid */
      OrganizationGroupId: string;
    };
    OrganizationRemoveQuery: {
      standalone?: boolean | null;
    };
    Enterprise: {
      /** Format: uuid */
      id: string;
      name: string;
      /** Format: date-time */
      createdAt: string;
    };
    Enterprises: components['schemas']['Enterprise'][];
    EnterpriseChange: {
      name: string;
    };
    Settings: {
      defaultLifetimeSeconds: number | null;
      maximumLifetimeSeconds: number | null;
      inheritExpiry?: boolean | null;
      ceiling?: boolean | null;
      preview?: string | null;
    };
    SettingsPreviewed: {
      endingNow: number;
      endingWithin7Days: number;
      preview: string;
    };
    TokenNew: {
      roles: string[];
      description?: string | null;
      tokenExpiry?: string | null;
      orgId?: string | null;
    };
    TokenMade: {
      clientId: string;
      secret: string;
      /** Format: uuid */
      orgId: string;
      roles: string[];
      token: string;
      /** Format: date-time */
      generatedOn: string;
      /** Format: date-time */
      tokenExpiry: string | null;
      description: string;
    };
    TokensQuery: {
      role?: string | null;
      createdBy?: string | null;
      expiresBefore?: string | null;
      status?: string | null;
      q?: string | null;
      sort?: string | null;
      limit?: number | null;
      starting_after?: string | null;
    };
    Token: {
      clientId: string;
      roles: string[];
      /** Format: date-time */
      generatedOn: string;
      description: string;
      /** Format: date-time */
      tokenExpiry: string | null;
      /** Format: date-time */
      effectiveExpiry: string | null;
      status: string;
      createdBy: string;
      /** Format: date-time */
      lastUsedAt?: string | null;
      lastUsedFrom?: string | null;
      lastUsedBy?: string | null;
      openSessions?: number | null;
    };
    Tokens: {
      clients: components['schemas']['Token'][];
    };
    TokensSummary: {
      active: number;
      expiringWithin30Days: number;
      expired: number;
      withoutEnd: number;
      neverUsed: number;
      unusedFor90Days: number;
      /** Format: date-time */
      oldestGeneratedOn: string | null;
      expiries: components['schemas']['TokensEnding'][];
    };
    TokensEnding: {
      day: string;
      count: number;
    };
    UsageQuery: {
      hours?: number | null;
    };
    UsageHour: {
      /** Format: date-time */
      hour: string;
      logins: number;
      refusals: number;
      statements: number;
    };
    UsageRefusal: {
      reason: string;
      count: number;
    };
    UsageTable: {
      /** Format: uuid */
      databaseId: string;
      keyspace: string;
      table: string;
      reads: number;
      writes: number;
      /** Format: date-time */
      lastUsedAt: string | null;
    };
    TokenUsage: {
      /** Format: date-time */
      lastUsedAt: string | null;
      lastUsedFrom: string | null;
      lastUsedBy: string | null;
      openSessions: number;
      hours: components['schemas']['UsageHour'][];
      refusals: components['schemas']['UsageRefusal'][];
      tables: components['schemas']['UsageTable'][];
    };
    TokenSession: {
      /** Format: uuid */
      databaseId: string;
      database: string;
      address: string;
      driver: string | null;
      /** Format: date-time */
      since: string | null;
    };
    TokenSessions: {
      sessions: components['schemas']['TokenSession'][];
      count: number;
    };
    RefusedToken: {
      clientId: string;
      count: number;
    };
    Usage: {
      hours: components['schemas']['UsageHour'][];
      refusals: components['schemas']['UsageRefusal'][];
      refusedTokens: components['schemas']['RefusedToken'][];
      openSessions: number;
    };
    TokenDeleteQuery: {
      createdTokens?: boolean | null;
    };
    TokensRevoke: {
      createdBy: string;
      preview?: boolean | null;
    };
    TokensRevoked: {
      count: number;
      clientIds: string[];
    };
    DatabaseTokenNew: {
      description?: string | null;
      tokenExpiry?: string | null;
    };
    Policy: {
      description?: string | null;
      effect: components['schemas']['Effect'];
      actions: components['schemas']['ActionName'][];
      resources: string[];
    };
    RoleNew: {
      name: string;
      policy: components['schemas']['Policy'];
    };
    Role: {
      /** Format: uuid */
      id: string;
      name: string;
      policy: components['schemas']['Policy'];
      /** Format: date-time */
      last_update_date_time: string;
      last_update_user_id: string;
    };
    RoleList: components['schemas']['Role'][];
    RoleUsage: {
      holders: number;
    };
    DatabaseNew: {
      name: string;
      contactPoints: string | string[];
      datacenter: string;
      username: string;
      password: string;
      listen: string;
      advertise?: string | null;
    };
    DatabaseFilter: {
      limit?: number | null;
      starting_after?: string | null;
      include?: string | null;
      provider?: string | null;
    };
    Database: {
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      orgId: string;
      ownerId: string;
      info: components['schemas']['DatabaseInfo'];
      /** Format: date-time */
      creationTime: string;
      /** Format: date-time */
      terminationTime: string;
      /** Format: date-time */
      lastUsageTime: string;
      status: components['schemas']['DatabaseStatus'];
      observedStatus: components['schemas']['DatabaseStatus'];
      storage: components['schemas']['DatabaseStorage'];
      metrics: Record<string, never>;
      cost: Record<string, never>;
      availableActions: string[];
      cqlAddress: string;
      message?: string | null;
    };
    /** @enum {string} */
    DatabaseStatus: 'ACTIVE' | 'INITIALIZING' | 'MAINTENANCE' | 'ERROR';
    DatabaseInfo: {
      name: string;
      keyspace: string;
      keyspaces: string[];
      additionalKeyspaces: string[];
      datacenters: components['schemas']['Datacenter'][];
      cloudProvider: string;
      tier: string;
      capacityUnits: number;
      region: string;
      dbType: string;
    };
    Datacenter: {
      id: string;
      name: string;
      status: string;
      tier: string;
      cloudProvider: string;
      region: string;
      regionZone: string;
      regionClassification: string;
      capacityUnits: number;
      /** Format: date-time */
      dateCreated: string;
    };
    DatacenterList: components['schemas']['Datacenter'][];
    DatabaseStorage: {
      nodeCount: number;
      replicationFactor: number;
      totalStorage: number;
      usedStorage: number;
    };
    DatabaseList: components['schemas']['Database'][];
    Keyspace: {
      name: string;
      system: boolean;
      replication?: string | null;
      tables: string[];
      views: string[];
    };
    Keyspaces: components['schemas']['Keyspace'][];
    DatabaseState: {
      status: components['schemas']['DatabaseStatus'];
      problem?: string | null;
      nodes: components['schemas']['Node'][];
      /** Format: date-time */
      schemaReadAt: string | null;
      /** Format: uuid */
      schemaVersion?: string | null;
      clients: number;
      cqlAddress: string;
    };
    Node: {
      address: string;
      up: boolean;
      used: boolean;
      datacenter?: string | null;
      rack?: string | null;
      version?: string | null;
    };
    Region: {
      tier: string;
      cloudProvider: string;
      region: string;
      regionDisplay: string;
      databaseCountUsed: number;
    };
    Regions: components['schemas']['Region'][];
    ServerlessRegion: {
      name: string;
      displayName: string;
      cloudProvider: string;
      zone: string;
      classification: string;
      enabled: boolean;
      region_type: string;
    };
    ServerlessRegions: components['schemas']['ServerlessRegion'][];
    AuditQuery: {
      from?: string | null;
      to?: string | null;
      actor?: string | null;
      subject?: string | null;
      event?: string | null;
      outcome?: string | null;
      q?: string | null;
      all?: boolean | null;
      limit?: number | null;
      starting_after?: string | null;
    };
    AuditRecord: {
      seq: number;
      /** Format: date-time */
      time: string;
      hash: string;
      event: unknown;
    };
    AuditRecords: {
      records: components['schemas']['AuditRecord'][];
    };
    AuditExport: {
      enabled: boolean;
      destination: string;
      records: string;
    };
    Level: string;
    PolicyPreviewAsk: {
      roles?: string[] | null;
      clientId?: string | null;
      policies?: components['schemas']['Policy'][] | null;
      /** Format: uuid */
      databaseId?: string | null;
      systemKeyspaces?: boolean | null;
    };
    PolicyPreview: {
      rows: components['schemas']['PolicyRow'][];
      noEffect: components['schemas']['PolicyNoEffect'][];
      dangling: string[];
      truncated: boolean;
      summary: string;
    };
    PolicyRow: {
      resource: string;
      level: components['schemas']['Level'];
      /** Format: uuid */
      databaseId?: string | null;
      databaseName?: string | null;
      keyspace?: string | null;
      table?: string | null;
      allowed: components['schemas']['ActionName'][];
      denied: components['schemas']['ActionName'][];
    };
    PolicyNoEffect: {
      /** Format: uuid */
      roleId?: string | null;
      roleName: string;
      action?: components['schemas']['ActionName'] | null;
      resource?: string | null;
      text: string;
    };
    PolicyReviewAsk: {
      /** Format: uuid */
      roleId?: string | null;
      policy?: components['schemas']['Policy'] | null;
    };
    PolicyReview: {
      gained: components['schemas']['PolicyDifference'][];
      lost: components['schemas']['PolicyDifference'][];
      tokens: number;
      clientIds: components['schemas']['TokenNamed'][];
      members: number;
      openSessions: number;
      refused: string | null;
      truncated: boolean;
    };
    PolicyDifference: {
      resource: string;
      level: components['schemas']['Level'];
      /** Format: uuid */
      databaseId?: string | null;
      databaseName?: string | null;
      keyspace?: string | null;
      table?: string | null;
      actions: components['schemas']['ActionName'][];
    };
    TokenNamed: {
      clientId: string;
      description: string;
    };
    AccessMapQuery: {
      /** Format: uuid */
      databaseId?: string | null;
      action?: components['schemas']['ActionName'] | null;
      resource?: string | null;
    };
    AccessMap: {
      groups: components['schemas']['AccessGroup'][];
      reach: components['schemas']['AccessReach'][];
      truncated: boolean;
    };
    AccessGroup: {
      roles: components['schemas']['RoleNamed'][];
      tokens: number;
      clients: components['schemas']['TokenNamed'][];
      members: number;
      people: components['schemas']['PersonNamed'][];
    };
    RoleNamed: {
      /** Format: uuid */
      id: string;
      name: string;
    };
    PersonNamed: {
      /** Format: uuid */
      id: string;
      email: string;
    };
    AccessReach: {
      group: number;
      resource: string;
      level: components['schemas']['Level'];
      /** Format: uuid */
      databaseId: string;
      databaseName: string;
      keyspace?: string | null;
      table?: string | null;
      reads: boolean;
      writes: boolean;
      changesSchema: boolean;
      actions: components['schemas']['ActionName'][];
    };
    ExplainAsk: {
      tokenId?: string | null;
      clientId?: string | null;
      /** Format: uuid */
      roleId?: string | null;
      roles?: string[] | null;
      policies?: components['schemas']['Policy'][] | null;
      action?: components['schemas']['ActionName'] | null;
      resource?: string | null;
      /** Format: uuid */
      databaseId?: string | null;
      keyspace?: string | null;
      cql?: string | null;
    };
    Explanation: {
      allow: boolean;
      verdict: components['schemas']['Effect'];
      action?: components['schemas']['ActionName'] | null;
      resource?: string | null;
      text: string;
      change: string;
      rule?: components['schemas']['ExplanationRule'] | null;
      needs?: components['schemas']['ExplanationNeed'][] | null;
    };
    ExplanationNeed: {
      allow: boolean;
      verdict: components['schemas']['Effect'];
      action: components['schemas']['ActionName'];
      resource: string;
      text: string;
      change: string;
      rule: components['schemas']['ExplanationRule'] | null;
    };
    ExplanationRule: {
      /** Format: uuid */
      roleId?: string | null;
      roleName: string;
      effect: components['schemas']['Effect'];
      resource: string;
    };
    Status: {
      version: string;
      pid: number;
      /** Format: date-time */
      startedAt: string;
      store: Record<string, never>;
      sandbox: Record<string, never>;
      index: Record<string, never>;
      audit: components['schemas']['AuditHead'];
      doors: components['schemas']['Door'][];
      clusters: components['schemas']['Cluster'][];
    };
    AuditHead: {
      sequence: number;
      hash: string;
    };
    Door: {
      kind: string;
      address: string;
      database?: string | null;
    };
    Cluster: {
      /** Format: uuid */
      id: string;
      name: string;
      state: string;
      clients: number;
      nodesKnown: number;
      nodesUp: number;
      problem?: string | null;
    };
    DatabaseCheck: {
      findings: components['schemas']['Finding'][];
      keyspaces: components['schemas']['KeyspaceGrants'][];
      grants: string[];
      read: boolean;
      connecting: boolean;
      ok: boolean;
    };
    Finding: {
      level: string;
      text: string;
    };
    KeyspaceGrants: {
      name: string;
      held: string[];
      missing: string[];
      withoutSchemaChanges: string[];
    };
    AuditTailAsk: {
      n?: number | null;
    };
    AuditTail: string[];
    OperatorOrganizations: {
      organizations: components['schemas']['OperatorOrganization'][];
      enterprises: components['schemas']['OperatorEnterprise'][];
    };
    OperatorOrganization: {
      /** Format: uuid */
      id: string;
      name: string;
      /** Format: uuid */
      enterpriseId: string | null;
    };
    OperatorEnterprise: {
      /** Format: uuid */
      id: string;
      name: string;
    };
    ServerKey: {
      id: number;
      /** Format: date-time */
      createdAt: string;
      newest: boolean;
      tokens: number;
      databases: number;
    };
    ServerKeyList: components['schemas']['ServerKey'][];
    KeyRetire: {
      force?: boolean | null;
    };
    ServerKeyRetired: {
      id: number;
      tokens: number;
    };
    UserRole: {
      /** Format: uuid */
      ID: string;
      Name: string;
    };
    User: {
      /** Format: uuid */
      UserID: string;
      Email: string;
      Status: string;
      Roles: components['schemas']['UserRole'][];
    };
    Users: {
      /** Format: uuid */
      OrgID: string;
      OrgName: string;
      Users: components['schemas']['User'][];
    };
    UserInvite: {
      email: string;
      OrgID?: string | null;
      roles: string[];
    };
    UserInvited: {
      /** Format: uuid */
      UserID: string;
      Email: string;
      Status: string;
      Roles: components['schemas']['UserRole'][];
      invitationLink?: string | null;
      /** Format: date-time */
      invitationExpires?: string | null;
    };
    UserRoles: {
      roles: string[];
    };
    Proof: {
      password: string;
      code?: string | null;
      recoveryCode?: string | null;
    };
    SignIn: {
      email: string;
      password: string;
      code?: string | null;
      recoveryCode?: string | null;
    };
    NamedRole: {
      /** Format: uuid */
      id: string;
      name: string;
    };
    Membership: {
      /** Format: uuid */
      scope: string;
      kind: string;
      name: string;
      roles: components['schemas']['NamedRole'][];
    };
    SignedIn: {
      /** Format: uuid */
      id: string;
      email: string;
      secondFactor: boolean;
      recoveryCodesLeft: number;
    };
    Session: {
      /** Format: uuid */
      id: string;
      csrfToken: string;
      /** Format: date-time */
      createdOn: string;
      /** Format: date-time */
      expiresOn: string;
      /** Format: date-time */
      provedOn: string;
      /** Format: date-time */
      proofHoldsUntil: string;
      person: components['schemas']['SignedIn'];
      memberships: components['schemas']['Membership'][];
    };
    SessionSeen: {
      /** Format: uuid */
      id: string;
      /** Format: uuid */
      userId: string;
      email: string;
      /** Format: date-time */
      createdOn: string;
      /** Format: date-time */
      seenOn: string;
      /** Format: date-time */
      provedOn: string;
      address: string;
      userAgent: string;
      current: boolean;
    };
    Sessions: {
      sessions: components['schemas']['SessionSeen'][];
    };
    SessionsAsk: {
      /** Format: uuid */
      userId?: string | null;
      all?: boolean | null;
    };
    SessionsEnd: {
      /** Format: uuid */
      userId?: string | null;
    };
    SetUpState: {
      state: string;
      address: string;
      origins: string[];
      why: string | null;
      linkFile: string | null;
    };
    SetUp: {
      secret: string;
      password: string;
    };
    SetUpDone: {
      email: string;
    };
    Accept: {
      secret: string;
      password: string;
      code?: string | null;
      recoveryCode?: string | null;
    };
    Accepted: {
      email: string;
      /** Format: uuid */
      scope: string;
      kind: string;
      name: string;
    };
    Person: {
      /** Format: uuid */
      id: string;
      email: string;
      /** Format: date-time */
      createdOn: string | null;
      /** Format: date-time */
      credentialsChangedOn: string | null;
      secondFactor: boolean;
      recoveryCodesLeft: number;
    };
    PasswordNew: {
      password: string;
    };
    TotpNew: {
      secret: string;
      uri: string;
      enrolment: string;
    };
    TotpConfirm: {
      enrolment: string;
      code: string;
    };
    RecoveryCodes: {
      recoveryCodes: string[];
    };
    SetUpLink: {
      email: string;
      setupLink: string;
      /** Format: date-time */
      expiresOn: string;
    };
    TotpReset: {
      email: string;
      passwordRemoved: boolean;
    };
    AccessEntry: {
      address: string;
      description?: string | null;
      enabled?: boolean | null;
    };
    AccessEntries: components['schemas']['AccessEntry'][];
    AccessConfigurations: {
      accessListEnabled?: boolean | null;
    };
    AccessChange: {
      addresses?: components['schemas']['AccessEntry'][] | null;
      configurations?: components['schemas']['AccessConfigurations'] | null;
    };
    AccessQuery: {
      addresses?: string | null;
      force?: boolean | null;
    };
    AccessShown: {
      address: string;
      description: string;
      enabled: boolean;
      lastUpdateDateTime: string;
      createdAt?: string | null;
    };
    AccessList: {
      /** Format: uuid */
      organizationId: string;
      /** Format: uuid */
      databaseId: string;
      addresses: components['schemas']['AccessShown'][];
      configurations: components['schemas']['AccessConfigurations'];
    };
    AccessLists: components['schemas']['AccessList'][];
    AccessApiList: {
      /** Format: uuid */
      organizationId: string;
      addresses: components['schemas']['AccessShown'][];
      configurations: components['schemas']['AccessConfigurations'];
    };
    AccessVerdict: {
      valid: boolean;
      validationFailures: string[];
    };
    AuthorizeAsk: {
      token?: string | null;
      actions: string[];
      resources: string[];
    };
    AuthorizeAnswer: {
      allow: boolean;
      org_id: string;
    };
    IntrospectForm: {
      token: string;
      token_type_hint?: string | null;
    };
    IntrospectAnswer: {
      active: boolean;
      client_id?: string | null;
      sub?: string | null;
      token_type?: string | null;
      iat?: number | null;
      exp?: number | null;
      scope?: string | null;
      roles?: string[] | null;
      /** Format: uuid */
      org_id?: string | null;
    };
    ForwardAuthQuery: {
      action: string;
      resource: string;
    };
  };
  responses: {
    Problem400: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text400: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'text/plain': string;
      };
    };
    Problem401: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text401: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'text/plain': string;
      };
    };
    Problem403: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text403: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'text/plain': string;
      };
    };
    Problem404: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text404: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'text/plain': string;
      };
    };
    Problem409: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text409: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'text/plain': string;
      };
    };
    Problem412: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text412: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'text/plain': string;
      };
    };
    Problem413: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text413: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'text/plain': string;
      };
    };
    Problem414: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text414: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'text/plain': string;
      };
    };
    Problem421: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text421: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'text/plain': string;
      };
    };
    Problem422: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text422: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'text/plain': string;
      };
    };
    Problem429: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text429: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'text/plain': string;
      };
    };
    Problem431: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text431: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'text/plain': string;
      };
    };
    Problem500: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text500: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'text/plain': string;
      };
    };
    Problem503: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text503: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'text/plain': string;
      };
    };
    Problem504: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text504: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'text/plain': string;
      };
    };
    Problem507: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text507: {
      headers: {
        [name: string]: unknown;
      };
      content: {
        'text/plain': string;
      };
    };
  };
  parameters: {
    IdempotencyKey: string;
  };
  requestBodies: never;
  headers: never;
  pathItems: never;
}
export type $defs = Record<string, never>;
export type operations = Record<string, never>;
