using System.Text;

namespace Proxy.Tests.Live.Model.MySql;

/// <summary>Sequences of commands from a seed. Which values came in pieces is kept track of, because an execution must not repeat them.</summary>
internal sealed class MySqlModelGenerator
{
    private const byte InitDb = 2, Query = 3, Ping = 14, Prepare = 22, Execute = 23, SendLongData = 24, Close = 25, Reset = 26, SetOption = 27, Fetch = 28, ResetConnection = 31;
    private const int Slots = 3;
    private const byte LongLong = 8, Blob = 252, VarString = 253;

    private readonly Random _random;
    private readonly int[] _parameters = new int[Slots];
    private readonly HashSet<int>[] _pieces = [[], [], []];
    private readonly byte[]?[] _types = new byte[Slots][];

    /// <summary>Parameters whose last value was a number.</summary>
    private readonly HashSet<int>[] _numbers = [[], [], []];
    private int _last = -1;

    private MySqlModelGenerator(int seed) => _random = new Random(seed);

    public static IReadOnlyList<MySqlModelStep> Generate(int seed)
    {
        var generator = new MySqlModelGenerator(seed);
        var steps = new List<MySqlModelStep>();
        var length = generator._random.Next(6, 24);
        while (steps.Count < length)
            steps.Add(generator.Next() with { IsPipelined = generator._random.Next(4) == 0 });
        return steps;
    }

    private MySqlModelStep Next() => _random.Next(100) switch
    {
        < 12 => Text(Pick(MySqlModelTexts.Rows)),
        < 16 => Text(Pick(MySqlModelTexts.Several)),
        < 22 => Text(Pick(MySqlModelTexts.Failing)),
        < 26 => Text(Pick(MySqlModelTexts.Noisy)),
        < 38 => Text(Pick(MySqlModelTexts.Transactions)),
        < 45 => Text(Pick(MySqlModelTexts.Names)),
        < 49 => RefusedText(),
        < 60 => Prepared(),
        < 62 => FailingPrepared(),
        < 64 => RefusedPrepared(),
        < 80 => Executed(),
        < 85 => OfStatement("fetch", Fetch, BitConverter.GetBytes(_random.Next(1, 5))),
        < 89 => Piece(),
        < 92 => Forgotten(Reset, "reset"),
        < 95 => Forgotten(Close, "close"),
        < 96 => new MySqlModelStep("ping", Ping, []),
        < 97 => new MySqlModelStep("the same database", InitDb, []),
        < 98 => new MySqlModelStep("several statements on", SetOption, [0, 0]),
        _ => Everything(),
    };

    private static MySqlModelStep Text(string text) => new(text, Query, Encoding.UTF8.GetBytes(text));

    private MySqlModelStep RefusedText() => Text(Pick(MySqlModelTexts.Refused)) with { IsRefused = true };

    private MySqlModelStep Prepared()
    {
        var slot = _random.Next(Slots);
        var (text, parameters) = Pick(MySqlModelTexts.Prepared);
        Forget(slot, parameters);
        _last = slot;
        return new MySqlModelStep($"s{slot} = {text}", Prepare, Encoding.UTF8.GetBytes(text)) { Slot = slot };
    }

    private MySqlModelStep FailingPrepared()
    {
        var slot = _random.Next(Slots);
        var text = Pick(MySqlModelTexts.FailingPrepared);
        Forget(slot, 0);
        _last = -1;
        return new MySqlModelStep($"s{slot} = {text}", Prepare, Encoding.UTF8.GetBytes(text)) { Slot = slot };
    }

    /// <summary>Nothing was prepared last then: to whoever does not wait for the refusal, that must not be what was prepared before.</summary>
    private MySqlModelStep RefusedPrepared()
    {
        var slot = _random.Next(Slots);
        var text = Pick(MySqlModelTexts.Refused);
        Forget(slot, 0);
        _last = -1;
        return new MySqlModelStep($"s{slot} = {text}", Prepare, Encoding.UTF8.GetBytes(text)) { Slot = slot, IsRefused = true, Instead = [Prepare, .. "selekt"u8] };
    }

    private MySqlModelStep Executed()
    {
        var isForLast = _random.Next(6) == 0;
        var slot = isForLast && _last >= 0 ? _last : _random.Next(Slots);
        var flags = (byte)(_random.Next(3) == 0 ? 1 : 0);
        var parameters = _parameters[slot];
        var body = new List<byte> { flags, 1, 0, 0, 0 };
        if (parameters > 0 && (!isForLast || _last >= 0)) AddValues(body, slot, parameters, isForLast);
        // Of nothing there is nothing to forget.
        if (!isForLast || _last >= 0) _pieces[slot].Clear();
        return new MySqlModelStep($"execute {(isForLast ? "the last" : $"s{slot}")}{(flags == 1 ? " with a cursor" : "")} {Convert.ToHexString([.. body])}", Execute, [.. body])
        {
            Slot = isForLast ? null : slot,
            IsForLast = isForLast,
        };
    }

    private void AddValues(List<byte> body, int slot, int parameters, bool isForLast)
    {
        // To MariaDB values without types are malformed behind the number of the last statement [ran on 10.11]; the gateway, which writes the real number, takes them.
        var repeats = !isForLast && _types[slot] is not null && _pieces[slot].Count == 0 && _random.Next(3) == 0;
        var types = repeats ? _types[slot]! : [.. Enumerable.Range(0, parameters).Select(i => _pieces[slot].Contains(i) ? Blob : _random.Next(2) == 0 ? LongLong : VarString)];
        byte nulls = 0;
        for (var i = 0; i < parameters; i++)
            if (!_pieces[slot].Contains(i) && _random.Next(8) == 0) nulls |= (byte)(1 << i);
        body.Add(nulls);
        body.Add((byte)(repeats ? 0 : 1));
        if (!repeats)
            foreach (var type in types) body.AddRange([type, 0]);
        for (var i = 0; i < parameters; i++)
        {
            var isNumber = types[i] is LongLong && (nulls & (1 << i)) == 0;
            if (isNumber) _numbers[slot].Add(i);
            else _numbers[slot].Remove(i);
            if ((nulls & (1 << i)) != 0 || _pieces[slot].Contains(i)) continue;
            if (types[i] is LongLong) body.AddRange(BitConverter.GetBytes((long)_random.Next(1, 60)));
            else body.AddRange([2, (byte)('1' + _random.Next(3)), (byte)'0']);
        }

        _types[slot] = types;
    }

    /// <summary>
    /// Only of a parameter that there is: the rest is in the tests of bad input. And of none whose last value was a number: MariaDB 10.11 goes on taking the
    /// piece for one, and reads the address of its buffer, so that two servers never agree ("select ? | 0": 17, then a piece, gives 0x558C267C7C20; behind a text
    /// or a NULL it does not [ran]).
    /// </summary>
    private MySqlModelStep Piece()
    {
        var slot = _random.Next(Slots);
        if (_parameters[slot] == 0) return new MySqlModelStep("ping", Ping, []);
        var parameter = _random.Next(_parameters[slot]);
        if (_numbers[slot].Contains(parameter)) return new MySqlModelStep("ping", Ping, []);
        _pieces[slot].Add(parameter);
        return OfStatement($"a piece for {parameter} of", SendLongData, [(byte)parameter, 0, .. "piece"u8], slot);
    }

    private MySqlModelStep Forgotten(byte command, string label)
    {
        var slot = _random.Next(Slots);
        if (command is Close) Forget(slot, 0);
        else _pieces[slot].Clear();
        return OfStatement(label, command, [], slot);
    }

    private MySqlModelStep Everything()
    {
        for (var slot = 0; slot < Slots; slot++) Forget(slot, 0);
        _last = -1;
        return new MySqlModelStep("reset connection", ResetConnection, []);
    }

    private void Forget(int slot, int parameters)
    {
        _parameters[slot] = parameters;
        _pieces[slot].Clear();
        _numbers[slot].Clear();
        _types[slot] = null;
    }

    private MySqlModelStep OfStatement(string label, byte command, byte[] body, int? slot = null)
    {
        var chosen = slot ?? _random.Next(Slots);
        return new MySqlModelStep($"{label} s{chosen}", command, body) { Slot = chosen };
    }

    private T Pick<T>(T[] values) => values[_random.Next(values.Length)];
}
