namespace Proxy.Core.Sql;

/// <summary>
/// The integers of a text that other texts of its form have other digits for, and whether anybody has looked at the value of one. What is concluded of a text without looking
/// is the same for all texts of its form: the way to it nowhere depended on what differs. One per text; thread-safe.
/// </summary>
/// <param name="form">Stands for all that the texts have in common; compared by reference.</param>
public sealed class OpenIntegers(object form)
{
    private readonly object _form = form;
    private volatile bool _wereRead;

    /// <summary>Whether the value of any of them was needed since the text came.</summary>
    public bool WereRead => _wereRead;

    /// <summary>To be called before the value of one is used for anything.</summary>
    public void Read() => _wereRead = true;

    /// <summary>Whether the other text differs from this one in digits of these integers alone.</summary>
    public bool IsSameForm(OpenIntegers other) => ReferenceEquals(_form, other._form);
}
