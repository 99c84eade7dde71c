// Asks Latchkey what the request's token is; 200, 401 or 403 for auth_request, anything else is a failure.

async function check(r) {
    const bearer = /^bearer +([!-~]+)$/i.exec(r.headersIn.Authorization || '');
    if (!bearer) {
        r.return(401);
        return;
    }
    const reply = await ngx.fetch(r.variables.latchkey_url, {
        method: 'POST',
        headers: {
            'Authorization': 'Basic ' + r.variables.latchkey_credentials,
            'Content-Type': 'application/x-www-form-urlencoded',
        },
        body: 'token=' + encodeURIComponent(bearer[1]),
    });
    if (reply.status !== 200) {
        r.error('introspection answered ' + reply.status);
        r.return(500);
        return;
    }
    const token = await reply.json();
    if (!token.active) {
        r.return(401);
        return;
    }
    if (token.scope.split(' ').indexOf(r.variables.latchkey_action) < 0) {
        r.return(403);
        return;
    }
    r.headersOut['X-Latchkey-Client-Id'] = token.client_id;
    r.headersOut['X-Latchkey-Organization'] = token.org_id;
    r.return(200);
}

export default { check };
