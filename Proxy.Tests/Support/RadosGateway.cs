using System.Globalization;
using Amazon.S3;

namespace Proxy.Tests.Support;

/// <summary>
/// A real S3 with Object Lock: Ceph's radosgw on one monitor and one storage daemon in memory, on free ports of this machine. Some twenty seconds to
/// start.
/// </summary>
public sealed class RadosGateway : IAsyncDisposable
{
    private const string AccessKey = "phigate-test";
    private const string SecretKey = "secret-of-a-test-server";
    private static readonly TimeSpan StartDeadline = TimeSpan.FromSeconds(120);
    private static readonly TimeSpan StopDeadline = TimeSpan.FromSeconds(10);

    private readonly string _directory;
    private readonly List<ChildProcess> _daemons = [];
    private ChildProcess? _gateway;

    private RadosGateway(string directory, int port)
    {
        _directory = directory;
        Port = port;
        Url = new Uri(string.Create(CultureInfo.InvariantCulture, $"http://127.0.0.1:{port}/"));
    }

    /// <summary>What a program needs to ask here.</summary>
    public static IReadOnlyDictionary<string, string?> Environment { get; } =
        new Dictionary<string, string?> { ["AWS_ACCESS_KEY_ID"] = AccessKey, ["AWS_SECRET_ACCESS_KEY"] = SecretKey };

    public Uri Url { get; }

    public int Port { get; }

    private string Configuration => Path.Combine(_directory, "ceph.conf");

    private string Keys => Path.Combine(_directory, "keyring");

    public static async Task<RadosGateway> StartAsync()
    {
        var rados = new RadosGateway(RunDirectory.Create("rados"), FreePort.Next());
        try
        {
            await rados.StartDaemonsAsync();
            await rados.StartGatewayAsync();
            await rados.RunAsync("radosgw-admin", "user", "create", "--uid=test", "--display-name=test", $"--access-key={AccessKey}", $"--secret={SecretKey}");
            return rados;
        }
        catch
        {
            await rados.DisposeAsync();
            throw;
        }
    }

    public static AmazonS3Client Client(AmazonS3Config settings) => new(AccessKey, SecretKey, settings);

    /// <summary>What is stored stays.</summary>
    public async Task StopGatewayAsync()
    {
        await _gateway!.StopAsync("KILL", StopDeadline);
        await _gateway.DisposeAsync();
        _gateway = null;
    }

    public async Task StartGatewayAsync()
    {
        _gateway = await ChildProcess.StartAsync(["radosgw", "-c", Configuration, "-n", "client.admin", $"--rgw_frontends=beast endpoint=127.0.0.1:{Port.ToString(CultureInfo.InvariantCulture)}", "-f"]);
        using var http = new HttpClient { Timeout = TimeSpan.FromSeconds(2) };
        using var deadline = new CancellationTokenSource(StartDeadline);
        while (true)
        {
            try
            {
                using var answer = await http.GetAsync(Url, CancellationToken.None);
                if (answer.IsSuccessStatusCode) return;
            }
            catch (Exception refused) when (refused is HttpRequestException or TaskCanceledException)
            {
                // Not yet.
            }
            if (_gateway.HasExited || deadline.IsCancellationRequested)
                throw new InvalidOperationException($"radosgw does not answer:\n{_gateway.Output}");
            await Task.Delay(200, CancellationToken.None);
        }
    }

    public async ValueTask DisposeAsync()
    {
        if (_gateway is not null) await StopGatewayAsync();
        foreach (var daemon in _daemons)
        {
            await daemon.StopAsync("KILL", StopDeadline);
            await daemon.DisposeAsync();
        }
        Directory.Delete(_directory, recursive: true);
    }

    private async Task StartDaemonsAsync()
    {
        var (cluster, storage) = (Guid.NewGuid(), Guid.NewGuid());
        var monitor = string.Create(CultureInfo.InvariantCulture, $"[v2:127.0.0.1:{FreePort.Next()},v1:127.0.0.1:{FreePort.Next()}]");
        foreach (var name in new[] { "mon", "osd", "run" })
            Directory.CreateDirectory(Path.Combine(_directory, name));
        await File.WriteAllTextAsync(Configuration, $"""
            [global]
            fsid = {cluster:D}
            mon host = {monitor}
            auth cluster required = cephx
            auth service required = cephx
            auth client required = cephx
            keyring = {Keys}
            mon data = {_directory}/mon
            mon data avail crit = 1
            osd data = {_directory}/osd
            run dir = {_directory}/run
            admin socket =
            log file =
            public addr = 127.0.0.1
            cluster addr = 127.0.0.1
            ms bind ipv6 = false
            osd objectstore = memstore
            memstore device bytes = 536870912
            osd pool default size = 1
            osd pool default min size = 1
            osd pool default pg num = 1
            osd crush chooseleaf type = 0
            mon allow pool size one = true
            osd class load list = *
            osd class default list = *

            """);
        var map = Path.Combine(_directory, "monmap");
        var osdKey = Path.Combine(_directory, "osd", "keyring");
        await Command.MustRunAsync("monmaptool", ["--create", "--fsid", $"{cluster:D}", "--addv", "a", monitor, map]);
        await Command.MustRunAsync("ceph-authtool", ["--create-keyring", Keys, "--gen-key", "-n", "mon.", "--cap", "mon", "allow *"]);
        await Command.MustRunAsync(
            "ceph-authtool", [Keys, "--gen-key", "-n", "client.admin", "--cap", "mon", "allow *", "--cap", "osd", "allow *", "--cap", "mgr", "allow *"]);
        await RunAsync("ceph-mon", "--mkfs", "-i", "a", "--monmap", map, "--keyring", Keys);
        _daemons.Add(await ChildProcess.StartAsync(["ceph-mon", "-c", Configuration, "-i", "a", "-f"]));
        await RunAsync("ceph", "--connect-timeout", "60", "osd", "new", $"{storage:D}");
        await Command.MustRunAsync("ceph-authtool", ["--create-keyring", osdKey, "--gen-key", "-n", "osd.0"]);
        await RunAsync("ceph", "auth", "add", "osd.0", "osd", "allow *", "mon", "allow profile osd", "-i", osdKey);
        await RunAsync("ceph-osd", "-i", "0", "--mkfs", "--keyring", osdKey, "--osd-uuid", $"{storage:D}");
        _daemons.Add(await ChildProcess.StartAsync(["ceph-osd", "-c", Configuration, "-i", "0", "-f", "--keyring", osdKey]));
    }

    private Task<string> RunAsync(string program, params IEnumerable<string> arguments) => Command.MustRunAsync(program, ["-c", Configuration, .. arguments]);
}
