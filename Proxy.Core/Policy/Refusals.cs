using System.Collections.Immutable;

namespace Proxy.Core.Policy;

/// <summary>
/// Everything that PhiGate refuses, by code. The same list is in docs/refusals.md, and a test keeps the two in step. A code keeps its meaning
/// for ever; adding, removing or changing one raises <see cref="CatalogueVersion"/>.
/// </summary>
public static class Refusals
{
    /// <summary>The version that docs/refusals.md states.</summary>
    public const int CatalogueVersion = 7;

    // What a statement is.
    public static readonly RefusalKind StatementOpaque = Statement("statement-opaque", "42501", false,
        "the statement cannot be fully understood", "write it without the construct named in DETAIL");
    public static readonly RefusalKind StatementKind = Statement("statement-kind", "42501", false,
        "this kind of statement is not supported through the gateway", "use SELECT, INSERT, UPDATE, DELETE, or ask the DBA to run it");
    public static readonly RefusalKind StatementTooLong = Statement("statement-too-long", "54000", false,
        "the statement is longer than the gateway reads", "send values as parameters, or split the statement");
    public static readonly RefusalKind NotText = Statement("not-text", "22021", false,
        "the statement is not valid text", "send UTF-8 without NUL bytes");
    public static readonly RefusalKind MultiStatementRefused = Statement("multi-statement-refused", "42501", false,
        "one of several statements in this message is refused, so none was run", "send the statements one by one");
    public static readonly RefusalKind ParserUnavailable = Statement("parser-unavailable", "57014", true,
        "the statement could not be read within the limits", "send a simpler statement, or the same one later");

    // What policy says.
    public static readonly RefusalKind RuleRefused = Statement("rule-refused", "42501", false,
        "policy refuses this statement", "stay within what the rules allow for this identity and target");
    public static readonly RefusalKind ApprovalRequired = Statement("approval-required", "42501", true,
        "the statement needs a human's approval", "have it approved and send exactly the same statement again");
    // Not of class 53: Npgsql closes the connection at that [ran].
    public static readonly RefusalKind BudgetSpent = Statement("budget-spent", "54000", true,
        "the hourly budget of this identity on this target is used up", "wait until the time named in DETAIL, or ask for less at once");

    // What a statement touches.
    public static readonly RefusalKind RelationUnknown = Statement("relation-unknown", "42P01", true,
        "the statement names a relation that the gateway does not know", "check the name; a relation made a moment ago is known within seconds");
    public static readonly RefusalKind FunctionNotAllowed = Statement("function-not-allowed", "42501", false,
        "the statement calls a function, operator or type that is not on the allow list", "leave it out, or have the DBA review it");
    public static readonly RefusalKind SettingNotAllowed = Statement("setting-not-allowed", "42501", false,
        "this setting, or this value of it, cannot be used through the gateway", "leave the setting as it is");
    public static readonly RefusalKind EncodingNotAllowed = Statement("encoding-not-allowed", "0A000", false,
        "only UTF8 is allowed as client encoding", "set client_encoding to UTF8");
    public static readonly RefusalKind FunctionCallRefused = Statement("function-call-refused", "0A000", false,
        "the FunctionCall message is not supported", "call the function in a SELECT");
    public static readonly RefusalKind CatalogueStale = Statement("catalogue-stale", "55000", true,
        "the gateway does not know the present structure of the database", "send the statement again in a few seconds");

    // Where PHI would go.
    public static readonly RefusalKind CopyOfPhi = Statement("copy-of-phi", "42501", false,
        "COPY would send out values that have to be masked", "use SELECT, whose rows are masked");
    public static readonly RefusalKind ExportOfPhi = Statement("export-of-phi", "42501", false,
        "the statement would move PHI to where it is not classified", "store it in columns that are classified, or leave the PHI out");
    public static readonly RefusalKind MaskedWrite = Statement("masked-write", "42501", false,
        "the statement would write, or choose rows to write, by masked values", "leave columns that are shown masked out of the statement");
    public static readonly RefusalKind MaskedValue = Statement("masked-value", "42501", false,
        "a masked value stands where it cannot be translated to the real one",
        "read it through the gateway, then send it as a bound parameter that is compared for equality with its column");
    public static readonly RefusalKind InferenceRefused = Statement("inference-refused", "42501", false,
        "the statement's conditions would reveal PHI", "compare PHI only as a whole and for equality");
    public static readonly RefusalKind GroupSizeUnknown = Statement("group-size-unknown", "42501", false,
        "the answer would not say how many rows its counts and sums are made of", "add count(*) to the outermost select list, and use aggregates only there");

    // What the gateway lacks at the moment.
    public static readonly RefusalKind JournalUnavailable = Statement("journal-unavailable", "58030", true,
        "the statement could not be recorded, so it was not run", "send it again when the operator has made room");
    public static readonly RefusalKind ServerUnavailable = Connection("server-unavailable", "08006", true,
        "the database server cannot be reached", "try again later");
    public static readonly RefusalKind Drain = Connection("drain", "57P01", true,
        "the gateway is shutting down", "connect again");
    public static readonly RefusalKind InternalFault = Connection("internal-fault", "XX000", true,
        "the gateway met a fault of its own and ended this session", "connect again; tell the operator the time");

    // Limits.
    public static readonly RefusalKind TooManyStatements = Statement("too-many-prepared-statements", "54000", true,
        "the session holds more prepared statements or portals than allowed", "close those that are not needed");
    public static readonly RefusalKind TooManyParameters = Statement("too-many-parameters", "54000", false,
        "the statement has more parameters than allowed", "send fewer, or one array");
    public static readonly RefusalKind TooManyOutstanding = Connection("too-many-outstanding", "54000", true,
        "more requests are waiting for replies than allowed", "read replies before sending more");
    public static readonly RefusalKind TooManyRefusals = Connection("too-many-refusals", "42501", false,
        "the session ran into refusals too often", "read DETAIL of the refusals and change the statements");
    public static readonly RefusalKind TooManySessions = Connection("too-many-sessions", "53300", true,
        "there are more sessions than allowed", "close connections, or try again later");
    public static readonly RefusalKind MessageTooLarge = Connection("message-too-large", "54000", false,
        "a message is larger than the gateway accepts", "send smaller messages");
    public static readonly RefusalKind DeadlinePassed = Connection("deadline-passed", "57P05", true,
        "the connection was idle, or its start took too long", "connect again");
    public static readonly RefusalKind TokenExpiredInSession = Connection("session-expired", "57P01", true,
        "the session's token has expired", "connect again with a new token");
    public static readonly RefusalKind SessionRevoked = Connection("session-revoked", "57P01", false,
        "the access that this session was given has been revoked", "ask the operator why");
    public static readonly RefusalKind RequestSpent = Connection("request-spent", "57P01", false,
        "the credential was for one request, and that one has been made", "ask for a new credential");

    // The connection and the protocol.
    public static readonly RefusalKind SessionStateUncertain = Connection("session-state-uncertain", "55000", false,
        "code that this session ran changed how the server reads statements, so the session ends", "connect again, and leave such settings and names alone");
    public static readonly RefusalKind TlsRequired = Connection("tls-required", "28000", false,
        "the connection must use TLS", "connect with sslmode=verify-full");
    public static readonly RefusalKind TlsFailed = Connection("tls-failed", "28000", false,
        "TLS with the client failed, or was tampered with", "connect with TLS 1.2 or later, and look for what is in between");
    public static readonly RefusalKind ServerTlsFailed = Connection("server-tls-failed", "08006", true,
        "TLS with the database server failed, or it is not the server that it should be", "try again later; the operator's record says what was wrong");
    public static readonly RefusalKind ProxyHeaderMissing = Connection("proxy-header", "08P01", false,
        "the connection does not come from a load balancer that says whom it speaks for", "connect through the load balancer");
    public static readonly RefusalKind ProtocolViolation = Connection("protocol-violation", "08P01", false,
        "the client broke the protocol", "use a driver that speaks protocol 3.0 or 3.2");
    public static readonly RefusalKind ReplicationRefused = Connection("replication-refused", "0A000", false,
        "replication connections are not supported", "connect without the replication parameter");
    public static readonly RefusalKind TargetUnknown = Connection("target-unknown", "3D000", false,
        "the database name does not name a target of this gateway", "use target or target/database as the database name");

    // Sign-in. They say what is wrong with the token, never what the token says.
    public static readonly RefusalKind SignInFailed = Connection("sign-in-failed", "28P01", false,
        "sign-in failed", "send an OIDC access token as the password");
    public static readonly RefusalKind SignInNotAllowed = Connection("sign-in-not-allowed", "28000", false,
        "no rule lets this identity use this target", "ask the operator for access");
    public static readonly RefusalKind TokenTooLarge = Connection("token-too-large", "28P01", false,
        "the token is longer than the gateway reads", "ask the issuer for a token of at most 32 KiB");
    public static readonly RefusalKind TokenMalformed = Connection("token-malformed", "28P01", false,
        "the password is not a signed JSON web token", "send an OIDC access token as the password");
    public static readonly RefusalKind TokenAlgorithm = Connection("token-algorithm", "28P01", false,
        "the token's signature algorithm is not allowed", "have it signed with an allowed asymmetric algorithm");
    public static readonly RefusalKind TokenType = Connection("token-type", "28P01", false,
        "the token is of a type that is not accepted", "send an access token, not an ID token");
    public static readonly RefusalKind TokenIssuer = Connection("token-issuer", "28P01", false,
        "the token's issuer is not trusted here", "use an issuer that the operator has configured");
    public static readonly RefusalKind TokenKey = Connection("token-key", "28P01", false,
        "the token does not name a key of its issuer", "ask the issuer for a new token");
    public static readonly RefusalKind TokenSignature = Connection("token-signature", "28P01", false,
        "the token's signature is wrong", "ask the issuer for a new token");
    public static readonly RefusalKind TokenAudience = Connection("token-audience", "28P01", false,
        "the token is meant for another audience", "ask the issuer for a token for this gateway");
    public static readonly RefusalKind TokenExpired = Connection("token-expired", "28P01", false,
        "the token has expired", "ask the issuer for a new token");
    public static readonly RefusalKind TokenNotYetValid = Connection("token-not-yet-valid", "28P01", true,
        "the token is not valid yet", "wait, or check the clocks");
    public static readonly RefusalKind TokenLifetime = Connection("token-lifetime", "28P01", false,
        "the token lives longer than is accepted, or does not say when it ends", "ask the issuer for a token with a shorter life");
    public static readonly RefusalKind TokenClaims = Connection("token-claims", "28P01", false,
        "the token lacks a claim that is needed, or has one that is not usable", "ask the issuer for a token with the claims that the operator names");
    public static readonly RefusalKind TokenBinding = Connection("token-binding", "28000", false,
        "the token is bound to a client certificate that this connection does not show", "connect with the client certificate that the token was issued for");
    public static readonly RefusalKind AccessRevoked = Connection("access-revoked", "28000", false,
        "the access of this identity, or of this token, has been revoked", "ask the operator why");
    public static readonly RefusalKind CredentialSpent = Connection("credential-spent", "28P01", false,
        "the one-time credential has expired or has been used as often as it may", "ask for a new credential");
    public static readonly RefusalKind CredentialNotIssued = Connection("credential-not-issued", "28000", false,
        "no such one-time credential can be given", "ask for less: fewer connections, a shorter life, another target");
    public static readonly RefusalKind SignInThrottled = Connection("sign-in-throttled", "57P03", true,
        "there have been too many attempts to sign in", "try again in a minute");
    public static readonly RefusalKind IssuerUnavailable = Connection("issuer-unavailable", "57P03", true,
        "the issuer's keys cannot be had at the moment", "connect again later");

    /// <summary>The whole catalogue, in the order of docs/refusals.md.</summary>
    public static ImmutableArray<RefusalKind> All { get; } =
    [
        StatementOpaque, StatementKind, StatementTooLong, NotText, MultiStatementRefused, ParserUnavailable,
        RuleRefused, ApprovalRequired, BudgetSpent,
        RelationUnknown, FunctionNotAllowed, SettingNotAllowed, EncodingNotAllowed, FunctionCallRefused, CatalogueStale,
        CopyOfPhi, ExportOfPhi, MaskedWrite, MaskedValue, InferenceRefused, GroupSizeUnknown,
        JournalUnavailable, ServerUnavailable, Drain, InternalFault,
        TooManyStatements, TooManyParameters, TooManyOutstanding, TooManyRefusals, TooManySessions, MessageTooLarge, DeadlinePassed,
        TokenExpiredInSession, SessionRevoked, RequestSpent,
        SessionStateUncertain, TlsRequired, TlsFailed, ServerTlsFailed, ProxyHeaderMissing, ProtocolViolation, ReplicationRefused, TargetUnknown,
        SignInFailed, SignInNotAllowed, TokenTooLarge, TokenMalformed, TokenAlgorithm, TokenType, TokenIssuer, TokenKey, TokenSignature,
        TokenAudience, TokenExpired, TokenNotYetValid, TokenLifetime, TokenClaims, TokenBinding, AccessRevoked, CredentialSpent,
        CredentialNotIssued, SignInThrottled, IssuerUnavailable,
    ];

    private static RefusalKind Statement(string code, string sqlState, bool canRetry, string message, string instead) =>
        new(code, sqlState, EndsConnection: false, canRetry, message, instead);

    private static RefusalKind Connection(string code, string sqlState, bool canRetry, string message, string instead) =>
        new(code, sqlState, EndsConnection: true, canRetry, message, instead);
}
