using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using System.Text;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Policy;
using Proxy.Protocols.Buffers;
using Proxy.Protocols.Postgres.Messages;

namespace Proxy.Protocols.Postgres;

/// <summary>
/// The life of one PostgreSQL connection: (1) start-up and TLS, (2) sign-in with a token, (3) login to the server with the gateway's own
/// credentials, (4) what the server said, with our cancel key for its own, (5) the <see cref="Session"/>, (6) the end, recorded and logged once.
/// </summary>
public sealed class PostgresGateway(PostgresServices services)
{
    /// <summary>Serves a client to its end. The caller disposes the connection. Never throws for what a client or a server did.</summary>
    /// <param name="client">As accepted, in plaintext.</param>
    /// <param name="acceptsPlaintext">Only for measurements on loopback.</param>
    /// <param name="established">Called when the client has signed in.</param>
    /// <param name="cancellationToken">Ends the session at once.</param>
    public async Task ServeAsync(IConnection client, bool acceptsPlaintext, Action established, CancellationToken cancellationToken)
    {
        using var startup = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        startup.CancelAfter(services.Limits.StartupTimeout);
        try
        {
            var outcome = await new PostgresStartup(client, services.Limits, acceptsPlaintext).RunAsync(startup.Token);
            if (outcome.Cancel is { } ticket) await CancelAsync(ticket);
            else if (outcome.Refusal is { } refusal) await RefuseAsync(client, "", refusal, refusal.Why);
            else if (outcome.Start is { } start) await SignInAsync(client, start, established, startup.Token, cancellationToken);
            else NoteLeft(client);
        }
        catch (ProtocolViolationException violation)
        {
            await RefuseAsync(client, "", Refusals.ProtocolViolation.Because(violation.Message), violation.Message);
        }
        catch (Exception reason) when (reason is BytesBeforeTlsException or TlsHandshakeException)
        {
            // There is no way left to tell the client: what it sent cannot be trusted, or it never got as far as TLS.
            TlsIncidents.Count(TlsIncidents.Client, reason);
            RecordRefusal(client, "", Refusals.TlsFailed.Code, reason.Message);
            Log.HandshakeFailed(services.Logger, reason.Message);
        }
        catch (OperationCanceledException) when (startup.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await RefuseAsync(client, "", Refusals.DeadlinePassed.Because("signing in took too long"), "signing in took too long");
        }
        catch (Exception reason) when (reason is IOException or OperationCanceledException or ReadLimitExceededException)
        {
            Log.ConnectionLost(services.Logger, reason.GetType().Name);
            NoteLeft(client);
        }
    }

    /// <summary>Records a connection that was closed before anything of it was looked at, since it is none of a load balancer (PROXY protocol).</summary>
    public void RecordRejected(EndPoint? peer, string why)
    {
        RecordRefusal(peer, "", Refusals.ProxyHeaderMissing.Code, why);
        ProtocolMetrics.ConnectionsRefused.Add(1, new KeyValuePair<string, object?>("code", Refusals.ProxyHeaderMissing.Code));
    }

    /// <summary>A client that leaves before it is a session is nothing; one whose TLS was broken is.</summary>
    private void NoteLeft(IConnection client)
    {
        if (!TlsIncidents.IsBroken(client)) return;
        TlsIncidents.Count(TlsIncidents.Client, TlsHandshakeFailure.Broken);
        RecordRefusal(client, "", Refusals.TlsFailed.Code, "a TLS record of the client does not verify, or it sent an alert");
    }

    private async Task SignInAsync(
        IConnection client, StartupMessage start, Action established, CancellationToken startup, CancellationToken cancellationToken)
    {
        var database = start["database"] ?? start["user"] ?? "";
        if (ClientSettings.Read(start, out var settings) is { } notAllowed)
        {
            await RefuseAsync(client, database, notAllowed, notAllowed.Why);
            return;
        }

        var request = new SignInRequest(start["user"] ?? "", database, client.TlsServerName, client.RemoteEndPoint)
        {
            CertificateThumbprint = client.ClientCertificate is { } certificate
                ? Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256))
                : null,
        };
        if (await new PostgresSignIn(client, services.Gatekeeper, services.Limits).RunAsync(request, startup) is not { } admission)
        {
            NoteLeft(client);
            return;
        }

        ProtocolMetrics.SignIns.Add(1, new KeyValuePair<string, object?>("code", admission.Refusal?.Code ?? "admitted"));
        using var place = admission.Place;
        if (admission is not { Refusal: null, Principal: { } principal, Target: { } target, Judge: not null })
        {
            await RefuseAsync(client, database, admission.Refusal ?? Refusals.SignInFailed.Because("refused"), admission.Detail);
            return;
        }

        if (await CredentialAsync(client, target, startup) is not { } credential) return;
        using var ours = credential;
        var sessionId = Guid.CreateVersion7(services.Time.GetUtcNow());
        if (!TryRecordOpened(sessionId, client, admission, principal, target, credential.User, settings))
        {
            await RefuseAsync(client, database, Refusals.JournalUnavailable.Because("no room"), "no room");
            return;
        }

        await ConnectAsync(client, start, sessionId, admission, target, credential, settings, established, startup, cancellationToken);
    }

    /// <summary>What to log in to the server with; null when there is nothing, and the client has been told.</summary>
    private async Task<ServerCredential?> CredentialAsync(IConnection client, ITarget target, CancellationToken startup)
    {
        try
        {
            return await target.GetCredentialAsync(startup);
        }
        catch (ServerCredentialException reason)
        {
            await ReportNoCredentialAsync(client, target, reason);
            return null;
        }
    }

    private async Task ReportNoCredentialAsync(IConnection client, ITarget target, ServerCredentialException reason)
    {
        Log.ServerLoginFailed(services.Logger, target.Name, reason.Message, "");
        await RefuseAsync(client, target.Name, Refusals.ServerUnavailable.Because("the gateway has no credential for the server"), reason.Message);
    }

    private async Task ConnectAsync(
        IConnection client, StartupMessage start, Guid sessionId, Admission admission, ITarget target,
        ServerCredential credential, List<KeyValuePair<string, string>> settings, Action established, CancellationToken startup, CancellationToken cancellationToken)
    {
        IConnection? server = null;
        try
        {
            var name = ApplicationNameOf(settings);
            settings.AddRange(ImposedSettings.Of(admission.Settings));
            if (target.LabelsSessions) settings.Add(new("application_name", SessionLabel.Text(sessionId, admission.Principal!)));
            ServerGreeting greeting;
            (server, greeting) = await PostgresServerLeg.OpenAsync(target, credential, settings, target.LabelsSessions ? name ?? "" : null, startup);
            if (greeting.Parameters.FirstOrDefault(parameter => !PostgresAsides.IsReadable(parameter.Key, parameter.Value)) is { Key: { } unread })
            {
                await RefuseAsync(client, target.Name, Refusals.EncodingNotAllowed.Because($"the database's {unread} is not supported"), unread);
                return;
            }

            established();
            await RunSessionAsync(client, server, start, sessionId, admission, target, greeting, cancellationToken);
        }
        catch (ServerLoginException reason)
        {
            await ReportLoginFailureAsync(client, target, reason);
        }
        catch (ServerCredentialException reason)
        {
            await ReportNoCredentialAsync(client, target, reason);
        }
        catch (OperationCanceledException) when (startup.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Log.ServerUnreachable(services.Logger, target.Name, "no answer in time");
            await RefuseAsync(client, target.Name, Refusals.ServerUnavailable.Because("the server did not answer in time"), "no answer in time");
        }
        catch (Exception reason) when (reason is TlsHandshakeException or BytesBeforeTlsException)
        {
            TlsIncidents.Count(TlsIncidents.Server, reason);
            Log.ServerTlsFailed(services.Logger, target.Name, reason.Message);
            await RefuseAsync(client, target.Name, Refusals.ServerTlsFailed.Because("see the operator's record"), reason.Message);
        }
        catch (ServerUnreachableException reason)
        {
            Log.ServerUnreachable(services.Logger, target.Name, reason.Message);
            await RefuseAsync(client, target.Name, Refusals.ServerUnavailable.Because("connecting failed"), reason.Message);
        }
        finally
        {
            if (server is not null) await server.DisposeAsync();
        }
    }

    private async Task RunSessionAsync(
        IConnection client, IConnection server, StartupMessage start, Guid sessionId, Admission admission, ITarget target,
        ServerGreeting greeting, CancellationToken cancellationToken)
    {
        using var dialect = new PostgresDialect(
            sessionId, services.FrontEnd, admission.Judge!, services.Journal, greeting, services.Limits, services.Time, services.Answers,
            admission.IsForOneRequest, services.Subjects is { } coder ? new SubjectCollector(coder, services.Answers.SubjectsMax) : null,
            () => CancelAtServerAsync(target, greeting.CancelKey));
        var session = new Session(client, server, dialect);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var ticket = services.CancelKeys.Issue(start.MinorVersion, () => CancelAtServerAsync(target, greeting.CancelKey));
        void EndWhenIdle(Refusal refusal)
        {
            dialect.EndWhenIdle(refusal);
            session.Wake();
        }

        void TakeNoMore(Refusal refusal)
        {
            dialect.TakeNoMore(refusal);
            session.Wake();
        }

        using var entry = services.Sessions.Enter(sessionId, admission, new SessionControls(EndWhenIdle, TakeNoMore, over.Cancel));
        using var idle = IdleTimeoutOf(admission.Settings) is { } timeout
            ? new IdleWatch(
                timeout, dialect.TakeActivity, () => EndWhenIdle(Refusals.DeadlinePassed.Because($"idle for {timeout.TotalSeconds} seconds")), over.Cancel, services.Time)
            : null;
        ProtocolMetrics.Sessions.Add(1);
        var end = SessionEnd.Fault;
        try
        {
            await client.Output.WriteAsync(Welcome(greeting, ticket), cancellationToken);
            end = await session.RunAsync(over.Token);
            if (TlsIncidents.BrokenLegOf(client, server) is { } broken) end = broken;
            if (session.Fault is { } fault) Log.SessionFaulted(services.Logger, sessionId, fault);
            // Its statement outlived the patience: the server does not notice a closed connection before it has something to say.
            if (end is SessionEnd.Cancelled && dialect is { TakesNoMore: true, OwesAnswer: true }) await CancelAtServerAsync(target, greeting.CancelKey);
        }
        finally
        {
            services.CancelKeys.Revoke(ticket);
            ProtocolMetrics.Sessions.Add(-1);
            ProtocolMetrics.SessionsEnded.Add(1, new KeyValuePair<string, object?>("reason", end.ToString()));
            dialect.RecordClosed(dialect.Violation is null ? end.ToString() : $"{end}: {dialect.Violation}", session.BytesToServer, session.BytesToClient);
            if (dialect.Alarm is { } alarm)
            {
                ProtocolMetrics.Alarms.Add(1);
                Log.RanIntoRefusals(services.Logger, sessionId, target.Name, alarm);
            }

            Log.SessionEnded(services.Logger, sessionId, target.Name, end, dialect.Violation ?? "");
        }
    }

    private TimeSpan? IdleTimeoutOf(SessionSettings settings) =>
        settings.IdleSessionTimeoutSeconds is { } seconds && !(services.Limits.IdleTimeout < TimeSpan.FromSeconds(seconds))
            ? TimeSpan.FromSeconds(seconds)
            : services.Limits.IdleTimeout;

    /// <summary>AuthenticationOk, what the server reported, our key, ReadyForQuery: in the order in which a server says it.</summary>
    private static byte[] Welcome(ServerGreeting greeting, CancelTicket ticket) =>
    [
        .. new MessageWriter().Begin(BackendCode.Authentication).Int32(0).End().ToArray(),
        .. greeting.Messages,
        .. new MessageWriter()
            .Begin(BackendCode.BackendKeyData).Int32(ticket.ProcessId).Bytes(ticket.Secret).End()
            .Begin(BackendCode.ReadyForQuery).Byte((byte)'I').End().ToArray(),
    ];

    private async Task CancelAsync(CancelTicket ticket)
    {
        if (await services.CancelKeys.CancelAsync(ticket)) Log.CancelForwarded(services.Logger, ticket.ProcessId);
        else Log.CancelIgnored(services.Logger);
        // The protocol has no answer to it: the caller closes, and the client learns nothing but that it was taken.
    }

    private async Task CancelAtServerAsync(ITarget target, CancelTicket key)
    {
        using var deadline = new CancellationTokenSource(TimeSpan.FromSeconds(5));
        try
        {
            await using var server = await target.ConnectAsync(deadline.Token);
            if (target.RequiresTls) await PostgresServerLogin.EncryptAsync(server, deadline.Token);
            await server.Output.WriteAsync(
                new MessageWriter().BeginUntyped().Int32(ProtocolCode.CancelRequest).Int32(key.ProcessId).Bytes(key.Secret).End().ToArray(),
                deadline.Token);
            await PacketReader.ReadExactlyAsync(server.Input, 1, deadline.Token); // The server closes when it has passed the signal on.
        }
        catch (Exception reason) when (reason is IOException or OperationCanceledException or ServerUnreachableException
            or ServerLoginException or TlsHandshakeException or BytesBeforeTlsException)
        {
            Log.CancelFailed(services.Logger, target.Name, reason.GetType().Name);
        }
    }

    /// <summary>A wrong database name is the client's mistake and the server says so; a wrong password is ours and nobody's business.</summary>
    private async Task ReportLoginFailureAsync(IConnection client, ITarget target, ServerLoginException reason)
    {
        var state = reason.ErrorResponse is { } error ? Encoding.ASCII.GetString(new ErrorFields(error)[ErrorFields.SqlState]) : "";
        Log.ServerLoginFailed(services.Logger, target.Name, reason.Message, state);
        if (state is "3D000" or "53300" or "57P03" or "22023" or "42704")
        {
            RecordRefusal(client, target.Name, Refusals.ServerUnavailable.Code, $"the server refused the login: {state}");
            await client.Output.WriteAsync(new MessageWriter().Begin(BackendCode.ErrorResponse).Bytes(reason.ErrorResponse).End().ToArray());
            return;
        }

        await RefuseAsync(client, target.Name, Refusals.ServerUnavailable.Because("the gateway could not log in to the server"), $"{reason.Message} {state}");
    }

    private async Task RefuseAsync(IConnection client, string database, Refusal refusal, string detail)
    {
        RecordRefusal(client, database, refusal.Code, detail);
        ProtocolMetrics.ConnectionsRefused.Add(1, new KeyValuePair<string, object?>("code", refusal.Code));
        Log.ConnectionRefused(services.Logger, refusal.Code);
        await client.Output.WriteAsync(PostgresRefusal.Fatal(refusal));
    }

    private static string? ApplicationNameOf(List<KeyValuePair<string, string>> settings) =>
        settings.LastOrDefault(static setting => setting.Key == "application_name").Value;

    private void RecordRefusal(IConnection client, string database, string code, string detail) => RecordRefusal(client.RemoteEndPoint, database, code, detail);

    private void RecordRefusal(EndPoint? client, string database, string code, string detail) =>
        services.Journal.TryAppend(
            new SignInRefusedRecord { ClientAddress = client?.ToString() ?? "", Target = AskedTarget.ForRecord(database), Code = code, Detail = detail },
            out _);

    private bool TryRecordOpened(
        Guid sessionId, IConnection client, Admission admission, Principal principal, ITarget target, string databaseUser,
        List<KeyValuePair<string, string>> settings) =>
        services.Journal.TryAppend(
            new SessionOpenedRecord
            {
                SessionId = sessionId,
                Issuer = principal.Issuer,
                Subject = principal.Subject,
                Agent = principal.Agent,
                Human = principal.Human,
                Groups = principal.Groups.AsSpan(),
                TokenId = principal.TokenId,
                ClientAddress = client.RemoteEndPoint?.ToString(),
                Target = target.Name,
                Database = target.Database,
                DatabaseUser = databaseUser,
                Protocol = "postgresql",
                ApplicationName = ApplicationNameOf(settings),
                Task = principal.Task,
                Workload = principal.Workload,
                Reason = admission.Reason,
                Grant = admission.Grant,
                SignInMethod = admission.Method,
                Actors = principal.Actors.AsSpan(),
                Marks = principal.Marks,
            },
            out _);
}
