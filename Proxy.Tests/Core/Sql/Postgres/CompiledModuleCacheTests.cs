using NUnit.Framework;
using Proxy.Core.Sql.Postgres.Host;
using Wasmtime;

namespace Proxy.Tests.Core.Sql.Postgres;

/// <summary>Compiled code from disk runs in our process: it is only taken when whole, and from a folder that only we can write.</summary>
public sealed class CompiledModuleCacheTests
{
    private const string Text = "(module (func (export \"f\")))";

    private string _directory = null!;
    private Engine _engine = null!;
    private int _compilations;

    [SetUp]
    public void Prepare()
    {
        _directory = Directory.CreateTempSubdirectory("modules-").FullName;
        _engine = new Engine();
        _compilations = 0;
    }

    [TearDown]
    public void Remove()
    {
        _engine.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    [Test]
    public void A_module_is_compiled_once()
    {
        Load();
        Load();

        Assert.That(_compilations, Is.EqualTo(1));
    }

    [Test]
    public void A_damaged_file_is_compiled_again_and_replaced()
    {
        Load();
        string file = Directory.GetFiles(_directory).Single();
        byte[] damaged = File.ReadAllBytes(file);
        damaged[^20] ^= 1;
        File.WriteAllBytes(file, damaged);

        Load();
        Load();

        Assert.That(_compilations, Is.EqualTo(2));
    }

    [Test]
    public void The_folder_is_taken_from_everybody_else()
    {
        File.SetUnixFileMode(_directory, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.OtherWrite);

        Load();

        Assert.That(
            File.GetUnixFileMode(_directory), Is.EqualTo(UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute));
    }

    [Test]
    public void A_folder_behind_a_link_is_not_used()
    {
        string link = Path.Combine(_directory, "link");
        Directory.CreateSymbolicLink(link, Directory.CreateDirectory(Path.Combine(_directory, "target")).FullName);

        Load(link);
        Load(link);

        Assert.That(_compilations, Is.EqualTo(2));
    }

    [Test]
    public void A_folder_that_cannot_be_made_costs_a_compilation_and_nothing_else()
    {
        string file = Path.Combine(_directory, "file");
        File.WriteAllText(file, "");

        Load(Path.Combine(file, "folder"));

        Assert.That(_compilations, Is.EqualTo(1));
    }

    private void Load(string? directory = null)
    {
        var cache = new CompiledModuleCache(directory ?? _directory);
        using Module module = cache.Load(_engine, "test", System.Text.Encoding.UTF8.GetBytes(Text), () =>
        {
            _compilations++;
            return Module.FromText(_engine, "test", Text);
        });
    }
}
