using System.Reflection;
using System.Runtime.InteropServices;
using System.Security.Cryptography;
using Wasmtime;
using Module = Wasmtime.Module;

namespace Proxy.Core.Sql.Postgres.Host;

/// <summary>
/// Compiled modules on disk: compiling the grammar takes 600 ms, loading it 5 ms (measured). What is stored is machine code that we will run,
/// so the folder is made for its owner alone and a file counts only with its own SHA-256 before it. Whatever goes wrong, we compile again.
/// A process of root has to be given a folder inside folders of root: it could take the rights of anybody else's folder, too.
/// </summary>
internal sealed class CompiledModuleCache(string? directory)
{
    public Module Load(Engine engine, string name, ReadOnlySpan<byte> source, Func<Module> compile)
    {
        string? path = PathFor(name, source);
        if (path is null) return compile();
        if (TryRead(engine, name, path) is { } stored) return stored;
        Module compiled = compile();
        TryWrite(path, compiled.Serialize());
        return compiled;
    }

    /// <summary>The name holds everything that makes compiled code unusable elsewhere; Wasmtime checks its settings once more by itself.</summary>
    private string? PathFor(string name, ReadOnlySpan<byte> source)
    {
        if (directory is null || !IsOurs(directory)) return null;
        string engineVersion =
            typeof(Engine).Assembly.GetCustomAttribute<AssemblyInformationalVersionAttribute>()?.InformationalVersion ?? "unknown";
        string safeVersion = string.Concat(engineVersion.Where(c => char.IsAsciiLetterOrDigit(c) || c is '.' or '-'));
        string hash = Convert.ToHexStringLower(SHA256.HashData(source));
        return Path.Combine(directory, $"{name}-{safeVersion}-{RuntimeInformation.RuntimeIdentifier}-{hash}.cwasm");
    }

    /// <summary>Creates the folder for its owner alone. Taking its access rights fails when somebody else owns it.</summary>
    private static bool IsOurs(string directory)
    {
        try
        {
            if (OperatingSystem.IsWindows())
            {
                Directory.CreateDirectory(directory);
                return true;
            }

            const UnixFileMode OwnerOnly = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
            Directory.CreateDirectory(directory, OwnerOnly);
            if (new DirectoryInfo(directory).LinkTarget is not null) return false;
            File.SetUnixFileMode(directory, OwnerOnly);
            return true;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            return false;
        }
    }

    private static Module? TryRead(Engine engine, string name, string path)
    {
        try
        {
            byte[] stored = File.ReadAllBytes(path);
            if (stored.Length <= SHA256.HashSizeInBytes) return null;
            ReadOnlySpan<byte> code = stored.AsSpan(SHA256.HashSizeInBytes);
            bool whole = SHA256.HashData(code).AsSpan().SequenceEqual(stored.AsSpan(0, SHA256.HashSizeInBytes));
            return whole ? Module.Deserialize(engine, name, code) : null;
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException or WasmtimeException)
        {
            return null;
        }
    }

    private static void TryWrite(string path, byte[] code)
    {
        string unfinished = $"{path}.{Guid.NewGuid():n}";
        try
        {
            using (var file = new FileStream(unfinished, FileMode.CreateNew, FileAccess.Write))
            {
                file.Write(SHA256.HashData(code));
                file.Write(code);
            }

            File.Move(unfinished, path, overwrite: true);
        }
        catch (Exception e) when (e is IOException or UnauthorizedAccessException)
        {
            // The next start compiles again.
        }
    }
}
