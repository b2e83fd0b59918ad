using System.Collections.Immutable;

namespace Proxy.Host.Configuration.Gateway;

/// <summary>Makes every relative path of gateway.yaml absolute: it starts at the configuration directory, whatever the working directory is.</summary>
internal static class GatewayPaths
{
    public static GatewayOptions Rooted(GatewayOptions options, string directory)
    {
        string Root(string path) => Path.GetFullPath(path, directory);
        string? RootOptional(string? path) => path is null ? null : Root(path);
        CredentialOptions RootCredential(CredentialOptions credential) => credential with
        {
            File = RootOptional(credential.File),
            Command = credential.Command is { } command ? command with { Run = command.Run.SetItem(0, Root(command.Run[0])) } : null,
        };

        var journal = Root(options.Journal.Directory);
        return options with
        {
            Listeners =
            [
                .. options.Listeners.Select(listener => listener.Tls is not { } tls
                    ? listener
                    : listener with { Tls = tls with { CertificateFile = Root(tls.CertificateFile), KeyFile = Root(tls.KeyFile) } }),
            ],
            Targets = options.Targets.ToDictionary(
                target => target.Key,
                target => target.Value with
                {
                    Name = target.Key,
                    Credential = RootCredential(target.Value.Credential),
                    DatabaseUsers = target.Value.DatabaseUsers.ToImmutableDictionary(user => user.Key, user => RootCredential(user.Value)),
                    Tls = target.Value.Tls with { CaFile = RootOptional(target.Value.Tls.CaFile) },
                }).ToImmutableDictionary(),
            Journal = options.Journal with
            {
                Directory = journal,
                KeysDirectory = RootOptional(options.Journal.KeysDirectory),
                Replica = options.Journal.Replica is { } replica
                    ? replica with { CaFile = RootOptional(replica.CaFile), CertificateFile = Root(replica.CertificateFile), KeyFile = Root(replica.KeyFile) }
                    : null,
                Streams = options.Journal.Streams.IsEmpty ? [] :
                [
                    .. options.Journal.Streams.Select(stream => stream with
                    {
                        Syslog = stream.Syslog is { } syslog ? syslog with { CaFile = RootOptional(syslog.CaFile) } : null,
                        Ocsf = stream.Ocsf is { } ocsf
                            ? ocsf with { CaFile = RootOptional(ocsf.CaFile), Token = ocsf.Token is { } token ? RootCredential(token) : null }
                            : null,
                    }),
                ],
                Anchors = options.Journal.Anchors.IsEmpty ? [] : [.. options.Journal.Anchors.Select(anchor => anchor with { File = RootOptional(anchor.File) })],
            },
            Admin = options.Admin with { Socket = RootOptional(options.Admin.Socket) ?? Path.Combine(journal, "phigate.sock") },
            Credentials = options.Credentials is { } desk
                ? desk with { Tls = desk.Tls with { CertificateFile = Root(desk.Tls.CertificateFile), KeyFile = Root(desk.Tls.KeyFile) } }
                : null,
            Masking = options.Masking.Key is { } key ? options.Masking with { Key = RootCredential(key) } : options.Masking,
            Identity = options.Identity with
            {
                RevocationsFile = RootOptional(options.Identity.RevocationsFile) ?? Path.Combine(journal, "revocations.jsonl"),
                Issuers =
                [
                    .. options.Identity.Issuers.Select(issuer => issuer with
                    {
                        JwksFile = RootOptional(issuer.JwksFile),
                        CaFile = RootOptional(issuer.CaFile),
                    }),
                ],
            },
        };
    }
}
