namespace Proxy.Bench;

/// <summary>The working tree that this program was built from.</summary>
internal static class Repository
{
    public static string Root { get; } = Find();

    private static string Find()
    {
        for (var directory = new DirectoryInfo(AppContext.BaseDirectory); directory is not null; directory = directory.Parent)
        {
            if (File.Exists(Path.Combine(directory.FullName, "proxy.sln")))
                return directory.FullName;
        }

        throw new InvalidOperationException("This program runs inside its repository.");
    }
}
