using System.Collections.Immutable;
using NUnit.Framework;
using Proxy.Core.Catalogue;
using Proxy.Core.Catalogue.Overlay;
using Proxy.Core.Sql;

namespace Proxy.Tests.Core.Catalogue.Overlay;

/// <summary>Random sessions against a model that copies everything it knows at BEGIN and at each savepoint.</summary>
public sealed class OverlayHistoryModelTests
{
    [TestCase(1)]
    [TestCase(2)]
    [TestCase(3)]
    [TestCase(4)]
    public void The_overlay_is_what_the_server_has_when_each_name_is_given_once(int seed) => Run(seed, isFreshName: true, (known, real, step) =>
        Assert.That(known, Is.EquivalentTo(real), step));

    [TestCase(5)]
    [TestCase(6)]
    [TestCase(7)]
    [TestCase(8)]
    public void The_overlay_never_lacks_what_the_server_has(int seed) => Run(seed, isFreshName: false, (known, real, step) =>
        Assert.That(real.Distinct().Except(known), Is.Empty, step));

    private static void Run(int seed, bool isFreshName, Action<IEnumerable<(string, bool)>, IEnumerable<(string, bool)>, string> check)
    {
        var random = new Random(seed);
        var history = new OverlayHistory();
        var model = new Model();
        for (var i = 0; i < 1500; i++)
        {
            var step = Step(random, history, model, isFreshName ? $"t{i}" : $"t{random.Next(3)}", i);
            check(history.Current.Relations.Select(relation => (relation.Relation.Name, relation.IsTemporary)), model.Now.Select(table => (table.Name, table.IsTemporary)), $"{i}: {step}");
        }
    }

    private static string Step(Random random, OverlayHistory history, Model model, string name, int i)
    {
        var isTemporary = random.Next(2) == 0;
        switch (random.Next(10))
        {
            case 0 or 1 or 2 when !model.Now.Exists(table => table.Name == name && table.IsTemporary == isTemporary):
                var dropsOnCommit = isTemporary && random.Next(3) == 0;
                history.Apply(OverlayEffect.Creates(SessionRelation.Empty(new QualifiedName(null, name), isTemporary, dropsOnCommit, ["a"])));
                model.Now.Add(new Table(name, isTemporary, dropsOnCommit));
                return $"create {name}";
            case 3 or 4 when model.Now.Count > 0:
                var dropped = model.Now[random.Next(model.Now.Count)].Name;
                history.Apply(OverlayEffect.Drops([new QualifiedName(null, dropped)], CatalogueSnapshot.Empty));
                // Temporary tables come first in the search path.
                model.Now.Remove(model.Now.Where(table => table.Name == dropped).OrderByDescending(table => table.IsTemporary).First());
                return $"drop {dropped}";
            case 5:
                history.Savepoint($"s{i % 3}");
                model.Savepoints.Add(($"s{i % 3}", [.. model.Now]));
                return "savepoint";
            case 6 when model.IndexOf($"s{i % 3}") is >= 0 and var index:
                history.RollBackTo($"s{i % 3}");
                model.Now = [.. model.Savepoints[index].Tables];
                model.Savepoints.RemoveRange(index + 1, model.Savepoints.Count - index - 1);
                return "rollback to";
            case 7 when model.IndexOf($"s{i % 3}") is >= 0 and var index:
                history.Release($"s{i % 3}");
                model.Savepoints.RemoveRange(index, model.Savepoints.Count - index);
                return "release";
            case 8 when random.Next(3) == 0:
                history.DiscardTemporary();
                model.Now.RemoveAll(table => table.IsTemporary);
                return "discard temp";
            case 9:
                var isCommitted = random.Next(2) == 0;
                history.EndTransaction(isCommitted, i);
                model.End(isCommitted);
                return isCommitted ? "commit" : "rollback";
            default:
                return "nothing";
        }
    }

    private sealed record Table(string Name, bool IsTemporary, bool DropsOnCommit);

    private sealed class Model
    {
        private ImmutableArray<Table> _atBegin = [];

        public List<Table> Now { get; set; } = [];

        public List<(string Name, ImmutableArray<Table> Tables)> Savepoints { get; } = [];

        public int IndexOf(string savepoint) => Savepoints.FindLastIndex(known => known.Name == savepoint);

        public void End(bool isCommitted)
        {
            if (isCommitted)
                Now.RemoveAll(table => table.DropsOnCommit);
            else
                Now = [.. _atBegin];
            _atBegin = [.. Now];
            Savepoints.Clear();
        }
    }
}
