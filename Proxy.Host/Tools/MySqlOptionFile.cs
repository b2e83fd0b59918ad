using System.Globalization;
using Proxy.Host.Identity.Credentials;

namespace Proxy.Host.Tools;

/// <summary>
/// A credential as MySQL's and MariaDB's own programs read it: my.cnf in a directory of its own, which MYSQL_HOME names, readable by nobody else and deleted on
/// disposal. A password is better there than in MYSQL_PWD alone: any option file would come before that.
/// </summary>
internal sealed class MySqlOptionFile : IDisposable
{
    private MySqlOptionFile(string directory) => Directory = directory;

    public string Directory { get; }

    public string Path => System.IO.Path.Combine(Directory, "my.cnf");

    /// <param name="credential">For a MySQL target.</param>
    /// <param name="authorityFile">Whom to trust instead of the machine's authorities.</param>
    public static async Task<MySqlOptionFile> WriteAsync(CredentialReply credential, string? authorityFile)
    {
        var file = new MySqlOptionFile(System.IO.Directory.CreateTempSubdirectory("phigate-").FullName); // For its owner alone.
        try
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            await using var writer = new StreamWriter(file.Path, options);
            await writer.WriteAsync(Text(credential, authorityFile));
        }
        catch
        {
            file.Dispose();
            throw;
        }
        return file;
    }

    public void Dispose() => System.IO.Directory.Delete(Directory, recursive: true);

    /// <summary>The database is for the interactive client: to others it is an argument. MariaDB's programs check a certificate's name when they are told to.</summary>
    private static string Text(CredentialReply credential, string? authorityFile) => string.Create(CultureInfo.InvariantCulture, $"""
        [client]
        protocol=tcp
        host={Quoted(credential.Host)}
        port={credential.Port}
        user={Quoted(credential.User)}
        password={Quoted(credential.RevealPassword())}
        {(authorityFile is null ? "ssl" : $"ssl-ca={Quoted(System.IO.Path.GetFullPath(authorityFile))}")}
        [client-mariadb]
        ssl-verify-server-cert
        [mysql]
        database={Quoted(credential.Database)}

        """);

    private static string Quoted(string value) => $"\"{value.Replace("\\", "\\\\", StringComparison.Ordinal).Replace("\"", "\\\"", StringComparison.Ordinal)}\"";
}
