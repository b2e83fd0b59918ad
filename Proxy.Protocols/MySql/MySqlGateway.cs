using System.Buffers.Text;
using System.Net;
using System.Security.Cryptography;
using Proxy.Core.Journal.Records;
using Proxy.Core.Journal.Subjects;
using Proxy.Core.Policy;
using Proxy.Core.Sql.MySql;
using Proxy.Protocols.MySql.Messages;

namespace Proxy.Protocols.MySql;

/// <summary>
/// The life of one MySQL connection: (1) the target's greeting, with ids of our own, and TLS, (2) sign-in with a token, (3) login to the server with the
/// gateway's own credentials and the capabilities that the client chose, (4) our OK, (5) the <see cref="Session"/>, (6) the end, recorded and logged once.
/// After COM_CHANGE_USER it begins anew at (2), with another session at the server.
/// </summary>
public sealed class MySqlGateway(MySqlServices services)
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
        var opening = new MySqlStartup(client, services.Limits, acceptsPlaintext);
        var thread = services.Threads.Next();
        try
        {
            var greeting = await GreetingAsync(startup.Token);
            if (greeting is null)
            {
                opening.Packets.Sequence = 0;
                await RefuseAsync(client, opening, "", Refusals.ServerUnavailable.Because("connecting failed"), "no greeting from the target");
                return;
            }

            var (response, refusal) = await opening.RunAsync(greeting, thread, startup.Token);
            if (refusal is not null) await RefuseAsync(client, opening, "", refusal, refusal.Why);
            else if (response is null) NoteLeft(client);
            else response = await SignInAsync(client, opening, response, thread, established, startup.Token, cancellationToken);
            while (refusal is null && response is not null)
                response = await SignInAgainAsync(client, opening, response, thread, cancellationToken);
        }
        catch (ProtocolViolationException violation)
        {
            await RefuseAsync(client, opening, "", Refusals.ProtocolViolation.Because(violation.Message), violation.Message);
        }
        catch (Exception reason) when (reason is BytesBeforeTlsException or TlsHandshakeException)
        {
            // There is no way left to tell the client.
            TlsIncidents.Count(TlsIncidents.Client, reason);
            RecordRefusal(client, "", Refusals.TlsFailed.Code, reason.Message);
            Log.HandshakeFailed(services.Logger, reason.Message);
        }
        catch (OperationCanceledException) when (startup.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await RefuseAsync(client, opening, "", Refusals.DeadlinePassed.Because("signing in took too long"), "signing in took too long");
        }
        catch (Exception reason) when (reason is IOException or OperationCanceledException or ReadLimitExceededException)
        {
            Log.ConnectionLost(services.Logger, reason.GetType().Name);
            NoteLeft(client);
        }
        finally
        {
            services.Threads.Remove(thread);
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

    private async Task<Greeting?> GreetingAsync(CancellationToken cancellationToken)
    {
        try
        {
            return await services.Greeting.CurrentAsync(cancellationToken);
        }
        catch (Exception reason) when (reason is ServerLoginException or ServerUnreachableException or ProtocolViolationException or IOException)
        {
            Log.ServerUnreachable(services.Logger, services.Target, reason.Message);
            return null;
        }
    }

    /// <summary>After COM_CHANGE_USER: nothing of the session before is left, neither at the server nor here.</summary>
    private async Task<HandshakeResponse?> SignInAgainAsync(
        IConnection client, MySqlStartup opening, HandshakeResponse response, uint thread, CancellationToken cancellationToken)
    {
        using var startup = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        startup.CancelAfter(services.Limits.StartupTimeout);
        opening.Packets.Sequence = 1;
        try
        {
            if (MySqlStartup.Checked(response).Refusal is not { } refusal)
                return await SignInAsync(client, opening, response, thread, static () => { }, startup.Token, cancellationToken);
            await RefuseAsync(client, opening, "", refusal, refusal.Why);
        }
        catch (OperationCanceledException) when (startup.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            await RefuseAsync(client, opening, "", Refusals.DeadlinePassed.Because("signing in took too long"), "signing in took too long");
        }

        return null;
    }

    /// <summary>From a client's answer to our greeting to the end of its session. Whom the client wants to be then, or null when it is over.</summary>
    private async Task<HandshakeResponse?> SignInAsync(
        IConnection client, MySqlStartup opening, HandshakeResponse response, uint thread, Action established, CancellationToken startup,
        CancellationToken cancellationToken)
    {
        var database = response.Database ?? services.Target;
        var request = new SignInRequest(response.User, database, client.TlsServerName, client.RemoteEndPoint)
        {
            CertificateThumbprint = client.ClientCertificate is { } certificate
                ? Base64Url.EncodeToString(certificate.GetCertHash(HashAlgorithmName.SHA256))
                : null,
        };
        if (await new MySqlSignIn(client, opening.Packets, services.Gatekeeper, services.Limits).RunAsync(request, startup) is not { } admission)
        {
            NoteLeft(client);
            return null;
        }

        ProtocolMetrics.SignIns.Add(1, new KeyValuePair<string, object?>("code", admission.Refusal?.Code ?? "admitted"));
        using var place = admission.Place;
        if (admission is not { Refusal: null, Principal: { } principal, Target: { } target, Judge: not null })
        {
            await RefuseAsync(client, opening, database, admission.Refusal ?? Refusals.SignInFailed.Because("refused"), admission.Detail);
            return null;
        }

        if (await CredentialAsync(client, opening, target, startup) is not { } credential) return null;
        using var ours = credential;
        var sessionId = Guid.CreateVersion7(services.Time.GetUtcNow());
        if (!TryRecordOpened(sessionId, client, admission, principal, target, credential.User, response))
        {
            await RefuseAsync(client, opening, database, Refusals.JournalUnavailable.Because("no room"), "no room");
            return null;
        }

        var opened = new OpenedSession(sessionId, thread, admission, principal, target, credential, response, database);
        return await ConnectAsync(client, opening, opened, established, startup, cancellationToken);
    }

    /// <summary>What to log in to the server with; null when there is nothing, and the client has been told.</summary>
    private async Task<ServerCredential?> CredentialAsync(IConnection client, MySqlStartup opening, ITarget target, CancellationToken startup)
    {
        try
        {
            return await target.GetCredentialAsync(startup);
        }
        catch (ServerCredentialException reason)
        {
            await ReportNoCredentialAsync(client, opening, target, reason);
            return null;
        }
    }

    private async Task ReportNoCredentialAsync(IConnection client, MySqlStartup opening, ITarget target, ServerCredentialException reason)
    {
        Log.ServerLoginFailed(services.Logger, target.Name, reason.Message, "");
        await RefuseAsync(client, opening, target.Name, Refusals.ServerUnavailable.Because("the gateway has no credential for the server"), reason.Message);
    }

    private async Task<HandshakeResponse?> ConnectAsync(
        IConnection client, MySqlStartup opening, OpenedSession opened, Action established, CancellationToken startup, CancellationToken cancellationToken)
    {
        IConnection? server = null;
        var target = opened.Target;
        try
        {
            ServerSession session;
            (server, session) = await MySqlServerLeg.OpenAsync(opened, services.Greeting, startup);
            if (services.FrontEndFor(session.Version, session.State.SqlMode, session.State.FoldsRelationNames) is not { } frontEnd)
            {
                await RefuseAsync(client, opening, target.Name, Refusals.SettingNotAllowed.Because("the target's sql_mode is not supported"), session.State.SqlMode);
                return null;
            }

            established();
            services.Threads.Register(opened.Thread, session.ThreadId, opened.Principal, target.Name, opened.Id);
            return await RunSessionAsync(client, server, opening, opened, session, frontEnd, cancellationToken);
        }
        catch (ServerLoginException reason)
        {
            Log.ServerLoginFailed(services.Logger, target.Name, reason.Message, reason.SqlState);
            await RefuseAsync(
                client, opening, target.Name, Refusals.ServerUnavailable.Because("the gateway could not log in to the server"), $"{reason.Message} {reason.SqlState}");
        }
        catch (ServerCredentialException reason)
        {
            await ReportNoCredentialAsync(client, opening, target, reason);
        }
        catch (OperationCanceledException) when (startup.IsCancellationRequested && !cancellationToken.IsCancellationRequested)
        {
            Log.ServerUnreachable(services.Logger, target.Name, "no answer in time");
            await RefuseAsync(client, opening, target.Name, Refusals.ServerUnavailable.Because("the server did not answer in time"), "no answer in time");
        }
        catch (Exception reason) when (reason is TlsHandshakeException or BytesBeforeTlsException)
        {
            TlsIncidents.Count(TlsIncidents.Server, reason);
            Log.ServerTlsFailed(services.Logger, target.Name, reason.Message);
            await RefuseAsync(client, opening, target.Name, Refusals.ServerTlsFailed.Because("see the operator's record"), reason.Message);
        }
        catch (ServerUnreachableException reason)
        {
            Log.ServerUnreachable(services.Logger, target.Name, reason.Message);
            await RefuseAsync(client, opening, target.Name, Refusals.ServerUnavailable.Because("connecting failed"), reason.Message);
        }
        finally
        {
            if (server is not null) await server.DisposeAsync();
        }

        return null;
    }

    private async Task<HandshakeResponse?> RunSessionAsync(
        IConnection client, IConnection server, MySqlStartup opening, OpenedSession opened, ServerSession serverSession, Core.Sql.ISqlFrontEnd frontEnd,
        CancellationToken cancellationToken)
    {
        using var dialect = new MySqlDialect(
            opened.Id, FactsOf(opened, serverSession), frontEnd, opened.Admission.Judge!, services.Journal, serverSession.Status, services.Limits, services.Time,
            services.Answers, services.Subjects is { } coder ? new SubjectCollector(coder, services.Answers.SubjectsMax) : null, opened.Admission.IsForOneRequest);
        var session = new Session(client, server, dialect);
        using var over = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
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

        using var entry = services.Sessions.Enter(opened.Id, opened.Admission, new SessionControls(EndWhenIdle, TakeNoMore, over.Cancel));
        using var idle = IdleTimeoutOf(opened.Admission.Settings) is { } timeout
            ? new IdleWatch(
                timeout, dialect.TakeActivity, () => EndWhenIdle(Refusals.DeadlinePassed.Because($"idle for {timeout.TotalSeconds} seconds")), over.Cancel, services.Time)
            : null;
        ProtocolMetrics.Sessions.Add(1);
        var end = SessionEnd.Fault;
        try
        {
            await client.Output.WriteAsync(Welcome(opening.Packets.Sequence, serverSession.Status), cancellationToken);
            end = await session.RunAsync(over.Token);
            if (TlsIncidents.BrokenLegOf(client, server) is { } broken) end = broken;
            if (session.Fault is { } fault) Log.SessionFaulted(services.Logger, opened.Id, fault);
            if (end is SessionEnd.Cancelled && dialect is { TakesNoMore: true, OwesAnswer: true }) await KillAtServerAsync(opened, serverSession.ThreadId);
        }
        finally
        {
            ProtocolMetrics.Sessions.Add(-1);
            ProtocolMetrics.SessionsEnded.Add(1, new KeyValuePair<string, object?>("reason", end.ToString()));
            dialect.RecordClosed(dialect.Violation is null ? end.ToString() : $"{end}: {dialect.Violation}", session.BytesToServer, session.BytesToClient);
            if (dialect.Alarm is { } alarm)
            {
                ProtocolMetrics.Alarms.Add(1);
                Log.RanIntoRefusals(services.Logger, opened.Id, opened.Target.Name, alarm);
            }

            Log.SessionEnded(services.Logger, opened.Id, opened.Target.Name, end, dialect.Violation ?? "");
        }

        if (end is not SessionEnd.UserChanged || dialect.ChangeUser is not { } next) return null;
        services.Threads.Remove(opened.Thread);
        return opened.Client with
        {
            User = next.User,
            Database = next.Database,
            // Those beyond one byte have no name here, and are refused.
            Collation = next.Collation <= byte.MaxValue ? (byte)next.Collation : MySqlCharacterSets.Unreadable,
            Attributes = next.Attributes,
        };
    }

    private async Task KillAtServerAsync(OpenedSession opened, uint thread)
    {
        using var deadline = new CancellationTokenSource(services.Limits.StartupTimeout);
        try
        {
            await ServerKill.RunAsync(opened, thread, services.Greeting, deadline.Token);
        }
        catch (Exception reason) when (reason is ServerLoginException or ServerCredentialException or ServerUnreachableException or TlsHandshakeException
            or BytesBeforeTlsException or ProtocolViolationException or IOException or OperationCanceledException)
        {
            Log.CancelFailed(services.Logger, opened.Target.Name, reason.Message);
        }
    }

    private MySqlSessionFacts FactsOf(OpenedSession opened, ServerSession session) => new()
    {
        Capabilities = opened.Client.Capabilities & MySqlStartup.Understood,
        Principal = opened.Principal,
        Target = opened.Target.Name,
        Database = opened.Target.Database,
        RequestedDatabase = opened.Database,
        SetupText = session.SetupText,
        TakesSeveralStatements = opened.Client.Capabilities.HasFlag(Capabilities.MultiStatements),
        MayTakeSeveralStatements = !opened.Admission.Settings.OneStatementPerText,
        HasReadingModes = MySqlReadSettings.ModesOf(session.State.SqlMode) is not MySqlModes.None,
        IsUtf8 = opened.Client.Collation == 0 || MySqlCharacterSets.IsUtf8(opened.Client.Collation),
        Threads = services.Threads,
    };

    private TimeSpan? IdleTimeoutOf(SessionSettings settings) =>
        settings.IdleSessionTimeoutSeconds is { } seconds && !(services.Limits.IdleTimeout < TimeSpan.FromSeconds(seconds))
            ? TimeSpan.FromSeconds(seconds)
            : services.Limits.IdleTimeout;

    private static byte[] Welcome(byte sequence, ServerStatus status) =>
        new PacketWriter().Begin(sequence).Byte(ReplyCode.Ok).Integer(0).Integer(0).UInt16((int)status).UInt16(0).End().ToArray();

    private async Task RefuseAsync(IConnection client, MySqlStartup opening, string database, Refusal refusal, string detail)
    {
        RecordRefusal(client, database, refusal.Code, detail);
        ProtocolMetrics.ConnectionsRefused.Add(1, new KeyValuePair<string, object?>("code", refusal.Code));
        Log.ConnectionRefused(services.Logger, refusal.Code);
        await client.Output.WriteAsync(MySqlRefusal.Error(refusal, opening.Packets.Sequence));
    }

    private void RecordRefusal(IConnection client, string database, string code, string detail) => RecordRefusal(client.RemoteEndPoint, database, code, detail);

    private void RecordRefusal(EndPoint? peer, string database, string code, string detail) =>
        services.Journal.TryAppend(
            new SignInRefusedRecord { ClientAddress = peer?.ToString() ?? "", Target = AskedTarget.ForRecord(database), Code = code, Detail = detail },
            out _);

    private bool TryRecordOpened(
        Guid sessionId, IConnection client, Admission admission, Principal principal, ITarget target, string databaseUser, HandshakeResponse response) =>
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
                Protocol = "mysql",
                ApplicationName = response.Attributes.GetValueOrDefault("program_name"),
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
