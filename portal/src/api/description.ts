/* Made by tools/describe.mjs from /v2/openapi.json; not edited by hand. */

export interface paths {
  '/livez': {
    get: {
      responses: {
        200: {
          content: {
            'text/plain': components['schemas']['Text'];
          };
        };
      };
    };
  };
  '/readyz': {
    get: {
      responses: {
        200: {
          content: {
            'text/plain': components['schemas']['Text'];
          };
        };
      };
    };
  };
  '/metrics': {
    get: {
      responses: {
        200: {
          content: {
            'text/plain': components['schemas']['Text'];
          };
        };
      };
    };
  };
  '/v2/openapi.json': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Description'];
          };
        };
      };
    };
  };
  '/docs': {
    get: {
      responses: {
        200: {
          content: {
            'text/html': components['schemas']['Page'];
          };
        };
      };
    };
  };
  '/v2/currentOrg': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['CurrentOrg'];
          };
        };
      };
    };
  };
  '/v2/organizations': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Organizations'];
          };
        };
      };
    };
  };
  '/v2/organizations/settings': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Settings'];
          };
        };
      };
    };
    put: {
      requestBody?: {
        content: {
          'application/json': components['schemas']['Settings'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Settings'];
          };
        };
      };
    };
  };
  '/v2/organizations/settings/preview': {
    post: {
      requestBody?: {
        content: {
          'application/json': components['schemas']['Settings'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['SettingsPreviewed'];
          };
        };
      };
    };
  };
  '/v2/enterprises/organizations': {
    post: {
      requestBody: {
        content: {
          'application/json': components['schemas']['OrganizationNew'];
        };
      };
      responses: {
        201: {
          content: {
            'application/json': components['schemas']['OrganizationMade'];
          };
        };
      };
    };
  };
  '/v2/enterprises': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Enterprises'];
          };
        };
      };
    };
  };
  '/v2/enterprises/{id}': {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Enterprise'];
          };
        };
      };
    };
    put: {
      parameters: {
        path: {
          id: string;
        };
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['EnterpriseChange'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Enterprise'];
          };
        };
      };
    };
  };
  '/v2/enterprises/{id}/organizations': {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Organizations'];
          };
        };
      };
    };
  };
  '/v2/enterprises/{id}/organizations/{orgId}': {
    put: {
      parameters: {
        path: {
          id: string;
          orgId: string;
        };
      };
      responses: {
        204: {};
      };
    };
    delete: {
      parameters: {
        query?: {
          standalone?: boolean;
        };
        path: {
          id: string;
          orgId: string;
        };
      };
      responses: {
        204: {};
      };
    };
  };
  '/v2/tokens': {
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
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Tokens'];
          };
        };
      };
    };
    post: {
      parameters: {
        header?: {
          'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        };
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['TokenNew'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['TokenMade'];
          };
        };
      };
    };
  };
  '/v2/tokens/summary': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['TokensSummary'];
          };
        };
      };
    };
  };
  '/v2/tokens/revoke': {
    post: {
      requestBody: {
        content: {
          'application/json': components['schemas']['TokensRevoke'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['TokensRevoked'];
          };
        };
      };
    };
  };
  '/v2/tokens/{clientId}': {
    get: {
      parameters: {
        path: {
          clientId: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Token'];
          };
        };
      };
    };
    delete: {
      parameters: {
        query?: {
          createdTokens?: boolean;
        };
        path: {
          clientId: string;
        };
      };
      responses: {
        204: {};
      };
    };
  };
  '/v2/tokens/{clientId}/usage': {
    get: {
      parameters: {
        query?: {
          hours?: number;
        };
        path: {
          clientId: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['TokenUsage'];
          };
        };
      };
    };
  };
  '/v2/tokens/{clientId}/sessions': {
    get: {
      parameters: {
        path: {
          clientId: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['TokenSessions'];
          };
        };
      };
    };
  };
  '/v2/usage': {
    get: {
      parameters: {
        query?: {
          hours?: number;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Usage'];
          };
        };
      };
    };
  };
  '/v2/clientIdSecrets': {
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
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Tokens'];
          };
        };
      };
    };
    post: {
      parameters: {
        header?: {
          'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        };
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['TokenNew'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['TokenMade'];
          };
        };
      };
    };
  };
  '/v2/clientIdSecrets/{clientId}': {
    delete: {
      parameters: {
        query?: {
          createdTokens?: boolean;
        };
        path: {
          clientId: string;
        };
      };
      responses: {
        204: {};
      };
    };
  };
  '/v2/clientIdSecret/{clientId}': {
    delete: {
      parameters: {
        query?: {
          createdTokens?: boolean;
        };
        path: {
          clientId: string;
        };
      };
      responses: {
        204: {};
      };
    };
  };
  '/v2/organizations/roles': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['RoleList'];
          };
        };
      };
    };
    post: {
      requestBody: {
        content: {
          'application/json': components['schemas']['RoleNew'];
        };
      };
      responses: {
        201: {
          content: {
            'application/json': components['schemas']['Role'];
          };
        };
      };
    };
  };
  '/v2/organizations/roles/{roleId}': {
    get: {
      parameters: {
        path: {
          roleId: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Role'];
          };
        };
      };
    };
    put: {
      parameters: {
        path: {
          roleId: string;
        };
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['RoleNew'];
        };
      };
      responses: {
        200: {};
      };
    };
    delete: {
      parameters: {
        path: {
          roleId: string;
        };
      };
      responses: {
        204: {};
      };
    };
  };
  '/v2/organizations/roles/{roleId}/usage': {
    get: {
      parameters: {
        path: {
          roleId: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['RoleUsage'];
          };
        };
      };
    };
  };
  '/v2/audit': {
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
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['AuditRecords'];
          };
        };
      };
    };
  };
  '/v2/organizations/{orgId}/telemetry/auditLogs': {
    get: {
      parameters: {
        path: {
          orgId: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['AuditExport'];
          };
        };
      };
    };
    post: {
      parameters: {
        path: {
          orgId: string;
        };
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['AuditExportNew'];
        };
      };
      responses: {
        202: {};
      };
    };
    delete: {
      parameters: {
        path: {
          orgId: string;
        };
      };
      responses: {
        202: {};
      };
    };
  };
  '/v2/availableRegions': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Regions'];
          };
        };
      };
    };
  };
  '/v2/regions/serverless': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['ServerlessRegions'];
          };
        };
      };
    };
  };
  '/v2/databases': {
    get: {
      parameters: {
        query?: {
          limit?: number;
          starting_after?: string;
          include?: string;
          provider?: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['DatabaseList'];
          };
        };
      };
    };
    post: {
      requestBody: {
        content: {
          'application/json': components['schemas']['DatabaseNew'];
        };
      };
      responses: {
        201: {};
      };
    };
  };
  '/v2/databases/{id}': {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Database'];
          };
        };
      };
    };
  };
  '/v2/databases/{id}/terminate': {
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        202: {};
      };
    };
  };
  '/v2/databases/{id}/token': {
    post: {
      parameters: {
        header?: {
          'Idempotency-Key'?: components['parameters']['IdempotencyKey'];
        };
        path: {
          id: string;
        };
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['DatabaseTokenNew'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['TokenMade'];
          };
        };
      };
    };
  };
  '/v2/databases/{id}/datacenters': {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['DatacenterList'];
          };
        };
      };
    };
    /** @deprecated */
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: never;
    };
  };
  '/v2/databases/{id}/keyspaces': {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Keyspaces'];
          };
        };
      };
    };
  };
  '/v2/databases/{id}/state': {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['DatabaseState'];
          };
        };
      };
    };
  };
  '/v2/databases/{id}/keyspaces/{keyspace}': {
    post: {
      parameters: {
        path: {
          id: string;
          keyspace: string;
        };
      };
      responses: {
        201: {};
      };
    };
    delete: {
      parameters: {
        path: {
          id: string;
          keyspace: string;
        };
      };
      responses: {
        202: {};
      };
    };
  };
  '/v2/databases/{id}/secureBundleURL': {
    /** @deprecated */
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: never;
    };
  };
  '/v2/organizations/users': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Users'];
          };
        };
      };
    };
    put: {
      requestBody: {
        content: {
          'application/json': components['schemas']['UserInvite'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['UserInvited'];
          };
        };
      };
    };
  };
  '/v2/organizations/users/{userID}': {
    get: {
      parameters: {
        path: {
          userID: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['User'];
          };
        };
      };
    };
    delete: {
      parameters: {
        path: {
          userID: string;
        };
      };
      responses: {
        204: {};
      };
    };
  };
  '/v2/organizations/users/{userID}/roles': {
    put: {
      parameters: {
        path: {
          userID: string;
        };
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['UserRoles'];
        };
      };
      responses: {
        204: {};
      };
    };
  };
  '/v2/sessions': {
    get: {
      parameters: {
        query?: {
          userId?: string;
          all?: boolean;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Sessions'];
          };
        };
      };
    };
    post: {
      requestBody: {
        content: {
          'application/json': components['schemas']['SignIn'];
        };
      };
      responses: {
        200: {
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
      };
      responses: {
        204: {};
      };
    };
  };
  '/v2/sessions/current': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Session'];
          };
        };
      };
    };
    delete: {
      responses: {
        204: {};
      };
    };
  };
  '/v2/sessions/current/proof': {
    post: {
      requestBody: {
        content: {
          'application/json': components['schemas']['Proof'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Session'];
          };
        };
      };
    };
  };
  '/v2/sessions/{id}': {
    delete: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        204: {};
      };
    };
  };
  '/v2/invitations/accept': {
    post: {
      requestBody: {
        content: {
          'application/json': components['schemas']['Accept'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Accepted'];
          };
        };
      };
    };
  };
  '/v2/invitations/check': {
    post: {
      requestBody: {
        content: {
          'application/json': components['schemas']['LinkAsk'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['LinkGood'];
          };
        };
      };
    };
  };
  '/v2/set-up': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['SetUpState'];
          };
        };
      };
    };
    post: {
      requestBody: {
        content: {
          'application/json': components['schemas']['SetUp'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['SetUpDone'];
          };
        };
      };
    };
  };
  '/v2/set-up/check': {
    post: {
      requestBody: {
        content: {
          'application/json': components['schemas']['LinkAsk'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['LinkGood'];
          };
        };
      };
    };
  };
  '/v2/person': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Person'];
          };
        };
      };
    };
    put: {
      requestBody: {
        content: {
          'application/json': components['schemas']['PasswordNew'];
        };
      };
      responses: {
        204: {};
      };
    };
  };
  '/v2/person/totp': {
    put: {
      requestBody: {
        content: {
          'application/json': components['schemas']['TotpConfirm'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['RecoveryCodes'];
          };
        };
      };
    };
    post: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['TotpNew'];
          };
        };
      };
    };
    delete: {
      responses: {
        204: {};
      };
    };
  };
  '/v2/person/recovery-codes': {
    post: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['RecoveryCodes'];
          };
        };
      };
    };
  };
  '/v2/access-lists': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['AccessLists'];
          };
        };
      };
    };
  };
  '/v2/databases/{id}/access-list': {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['AccessList'];
          };
        };
      };
    };
    put: {
      parameters: {
        path: {
          id: string;
        };
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['AccessChange'];
        };
      };
      responses: {
        204: {};
      };
    };
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['AccessEntries'];
        };
      };
      responses: {
        204: {};
      };
    };
    delete: {
      parameters: {
        query?: {
          addresses?: string;
          force?: boolean;
        };
        path: {
          id: string;
        };
      };
      responses: {
        204: {};
      };
    };
    patch: {
      parameters: {
        path: {
          id: string;
        };
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['AccessChange'];
        };
      };
      responses: {
        204: {};
      };
    };
  };
  '/v2/databases/{id}/access-list/preview': {
    post: {
      parameters: {
        path: {
          id: string;
        };
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['AccessChange'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['AccessPreview'];
          };
        };
      };
    };
  };
  '/v2/access-list/validate': {
    post: {
      requestBody?: {
        content: {
          'application/json': components['schemas']['AccessChange'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['AccessVerdict'];
          };
        };
      };
    };
  };
  '/v2/access-list/template': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['AccessChange'];
          };
        };
      };
    };
    post: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['AccessChange'];
          };
        };
      };
    };
  };
  '/v2/organizations/{orgId}/devops-acl': {
    get: {
      parameters: {
        path: {
          orgId: string;
        };
      };
      responses: {
        200: {
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
        path: {
          orgId: string;
        };
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['AccessChange'];
        };
      };
      responses: {
        200: {
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
        path: {
          orgId: string;
        };
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['AccessEntries'];
        };
      };
      responses: {
        201: {
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
        path: {
          orgId: string;
        };
      };
      responses: {
        202: {};
      };
    };
    patch: {
      parameters: {
        query?: {
          addresses?: string;
          force?: boolean;
        };
        path: {
          orgId: string;
        };
      };
      requestBody?: {
        content: {
          'application/json': components['schemas']['AccessChange'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['AccessApiList'];
          };
        };
      };
    };
  };
  '/v2/token/authorize': {
    post: {
      requestBody: {
        content: {
          'application/json': components['schemas']['AuthorizeAsk'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['AuthorizeAnswer'];
          };
        };
      };
    };
  };
  '/oauth2/introspect': {
    post: {
      requestBody: {
        content: {
          'application/x-www-form-urlencoded': components['schemas']['IntrospectForm'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['IntrospectAnswer'];
          };
        };
      };
    };
  };
  '/v2/forward-auth': {
    get: {
      parameters: {
        query: {
          action: string;
          resource: string;
        };
      };
      responses: {
        200: {};
      };
    };
    put: {
      parameters: {
        query: {
          action: string;
          resource: string;
        };
      };
      responses: {
        200: {};
      };
    };
    post: {
      parameters: {
        query: {
          action: string;
          resource: string;
        };
      };
      responses: {
        200: {};
      };
    };
    delete: {
      parameters: {
        query: {
          action: string;
          resource: string;
        };
      };
      responses: {
        200: {};
      };
    };
    patch: {
      parameters: {
        query: {
          action: string;
          resource: string;
        };
      };
      responses: {
        200: {};
      };
    };
  };
  '/v2/policies/preview': {
    post: {
      requestBody?: {
        content: {
          'application/json': components['schemas']['PolicyPreviewAsk'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['PolicyPreview'];
          };
        };
      };
    };
  };
  '/v2/policies/review': {
    post: {
      requestBody?: {
        content: {
          'application/json': components['schemas']['PolicyReviewAsk'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['PolicyReview'];
          };
        };
      };
    };
  };
  '/v2/access-map': {
    get: {
      parameters: {
        query?: {
          databaseId?: string;
          action?: components['schemas']['ActionName'];
          resource?: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['AccessMap'];
          };
        };
      };
    };
  };
  '/v2/explain': {
    post: {
      requestBody: {
        content: {
          'application/json': components['schemas']['ExplainAsk'];
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Explanation'];
          };
        };
      };
    };
  };
  '/v2/operator/status': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['Status'];
          };
        };
      };
    };
  };
  '/v2/operator/databases/{id}/check': {
    get: {
      parameters: {
        path: {
          id: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['DatabaseCheck'];
          };
        };
      };
    };
  };
  '/v2/operator/audit': {
    get: {
      parameters: {
        query?: {
          n?: number;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['AuditTail'];
          };
        };
      };
    };
  };
  '/v2/operator/audit/export': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['AuditExport'];
          };
        };
      };
    };
    post: {
      requestBody?: {
        content: {
          'application/json': components['schemas']['AuditExportNew'];
        };
      };
      responses: {
        202: {};
      };
    };
    delete: {
      responses: {
        202: {};
      };
    };
  };
  '/v2/operator/people/{person}/set-up': {
    post: {
      parameters: {
        path: {
          person: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['SetUpLink'];
          };
        };
      };
    };
  };
  '/v2/operator/people/{person}/password': {
    put: {
      parameters: {
        path: {
          person: string;
        };
      };
      requestBody: {
        content: {
          'application/json': components['schemas']['PasswordNew'];
        };
      };
      responses: {
        204: {};
      };
    };
  };
  '/v2/operator/people/{person}/totp': {
    delete: {
      parameters: {
        path: {
          person: string;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['TotpReset'];
          };
        };
      };
    };
  };
  '/v2/operator/keys': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['ServerKeyList'];
          };
        };
      };
    };
    post: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['ServerKey'];
          };
        };
      };
    };
  };
  '/v2/operator/keys/{keyId}': {
    delete: {
      parameters: {
        query?: {
          force?: boolean;
        };
        path: {
          keyId: number;
        };
      };
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['ServerKeyRetired'];
          };
        };
      };
    };
  };
  '/v2/operator/organizations': {
    get: {
      responses: {
        200: {
          content: {
            'application/json': components['schemas']['OperatorOrganizations'];
          };
        };
      };
    };
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
      studioUrl: string;
      grafanaUrl: string;
      cqlshUrl: string;
      graphqlUrl: string;
      dataEndpointUrl: string;
      cqlAddress: string;
      message?: string | null;
    };
    /** @enum {string} */
    DatabaseStatus: 'ACTIVE' | 'INITIALIZING' | 'MAINTENANCE' | 'ERROR' | 'TERMINATED';
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
      dbType: unknown;
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
      reservedForQualifiedUsers: boolean;
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
    AuditExportNew: {
      webhook?: components['schemas']['AuditWebhookNew'] | null;
      splunk?: components['schemas']['AuditSplunkNew'] | null;
      after?: number | null;
    };
    AuditWebhookNew: {
      endpoint: string;
      token?: string | null;
    };
    AuditSplunkNew: {
      endpoint: string;
      token: string;
      index?: string | null;
      source?: string | null;
      sourcetype?: string | null;
    };
    AuditExport: {
      enabled: boolean;
      destination: components['schemas']['AuditDestination'];
      records: string;
      webhook?: components['schemas']['AuditWebhook'] | null;
      splunk?: components['schemas']['AuditSplunk'] | null;
      /** Format: date-time */
      updatedOn?: string | null;
      updatedBy?: string | null;
      byOperator?: boolean | null;
      delivery?: components['schemas']['AuditDelivery'] | null;
    };
    /** @enum {string} */
    AuditDestination: 'trail' | 'webhook' | 'splunk';
    AuditWebhook: {
      endpoint: string;
      hasToken: boolean;
    };
    AuditSplunk: {
      endpoint: string;
      hasToken: boolean;
      index?: string | null;
      source?: string | null;
      sourcetype?: string | null;
    };
    AuditDelivery: {
      state: components['schemas']['AuditDeliveryState'];
      sequence: number;
      behind: number;
      sent: number;
      missing: number;
      /** Format: date-time */
      lastSuccess?: string | null;
      /** Format: date-time */
      lastFailure?: string | null;
      /** Format: date-time */
      nextTry?: string | null;
      problem?: string | null;
    };
    /** @enum {string} */
    AuditDeliveryState: 'current' | 'delivering' | 'failing';
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
      portal: boolean;
      sandbox: Record<string, never>;
      index: Record<string, never>;
      audit: components['schemas']['AuditHead'];
      doors: components['schemas']['Door'][];
      clusters: components['schemas']['Cluster'][];
      exports: components['schemas']['ExportStatus'][];
    };
    ExportStatus: {
      /** Format: uuid */
      id: string;
      name: string;
      endpoint: string;
      state: components['schemas']['AuditDeliveryState'];
      behind: number;
      problem?: string | null;
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
      people: number;
      exports: number;
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
    LinkAsk: {
      secret: string;
    };
    LinkGood: {
      /** Format: date-time */
      expiresOn: string;
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
    AccessClosed: {
      clientId: string;
      address: string;
      driver: string | null;
      /** Format: date-time */
      since: string;
    };
    AccessPreview: {
      openSessions: number;
      closing: number;
      sessions: components['schemas']['AccessClosed'][];
    };
    AccessVerdict: {
      valid: boolean;
      validationFailures: string[];
      remarks: components['schemas']['AccessRemark'][];
    };
    AccessRemark: {
      index: number;
      fault: boolean;
      text: string;
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
      token_type_hint?: string;
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
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text400: {
      content: {
        'text/plain': string;
      };
    };
    Problem401: {
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text401: {
      content: {
        'text/plain': string;
      };
    };
    Problem403: {
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text403: {
      content: {
        'text/plain': string;
      };
    };
    Problem404: {
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text404: {
      content: {
        'text/plain': string;
      };
    };
    Problem409: {
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text409: {
      content: {
        'text/plain': string;
      };
    };
    Problem412: {
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text412: {
      content: {
        'text/plain': string;
      };
    };
    Problem413: {
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text413: {
      content: {
        'text/plain': string;
      };
    };
    Problem414: {
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text414: {
      content: {
        'text/plain': string;
      };
    };
    Problem421: {
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text421: {
      content: {
        'text/plain': string;
      };
    };
    Problem422: {
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text422: {
      content: {
        'text/plain': string;
      };
    };
    Problem429: {
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text429: {
      content: {
        'text/plain': string;
      };
    };
    Problem431: {
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text431: {
      content: {
        'text/plain': string;
      };
    };
    Problem500: {
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text500: {
      content: {
        'text/plain': string;
      };
    };
    Problem503: {
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text503: {
      content: {
        'text/plain': string;
      };
    };
    Problem504: {
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text504: {
      content: {
        'text/plain': string;
      };
    };
    Problem507: {
      content: {
        'application/json': components['schemas']['Problems'];
      };
    };
    Text507: {
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
